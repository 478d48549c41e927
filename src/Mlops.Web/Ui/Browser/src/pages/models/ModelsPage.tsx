import { Page } from '../../show/Page';

export default function ModelsPage() {
  return <Page title="Models">{null}</Page>;
}
