import { Page } from '../../show/Page';

export default function DeploymentsPage() {
  return <Page title="Deployments">{null}</Page>;
}
