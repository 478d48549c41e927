import { Page } from '../../show/Page';

export default function DataPage() {
  return <Page title="Data">{null}</Page>;
}
