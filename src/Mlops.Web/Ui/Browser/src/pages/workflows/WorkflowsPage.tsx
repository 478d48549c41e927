import { Page } from '../../show/Page';

export default function WorkflowsPage() {
  return <Page title="Workflows">{null}</Page>;
}
