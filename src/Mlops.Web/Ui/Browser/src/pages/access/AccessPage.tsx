import { Page } from '../../show/Page';

export default function AccessPage() {
  return <Page title="Access">{null}</Page>;
}
