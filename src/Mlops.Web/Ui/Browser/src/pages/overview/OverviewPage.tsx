import { Page } from '../../show/Page';

export default function OverviewPage() {
  return <Page title="Overview">{null}</Page>;
}
