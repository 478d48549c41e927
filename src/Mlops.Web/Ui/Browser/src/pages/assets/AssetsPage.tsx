import { Page } from '../../show/Page';

export default function AssetsPage() {
  return <Page title="Assets">{null}</Page>;
}
