import { Route, Switch } from 'wouter';
import { DeploymentList } from './DeploymentList';
import { DeploymentView } from './DeploymentView';
import { NewDeployment } from './NewDeployment';

export default function DeploymentsPage() {
  return (
    <Switch>
      <Route path="/deployments"><DeploymentList /></Route>
      <Route path="/deployments/new"><NewDeployment /></Route>
      <Route path="/deployments/:id">{({ id }) => <DeploymentView key={id} id={decodeURIComponent(id)} />}</Route>
    </Switch>
  );
}
