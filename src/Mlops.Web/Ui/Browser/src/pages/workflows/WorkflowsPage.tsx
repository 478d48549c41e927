import { Route, Switch } from 'wouter';
import { WorkflowList } from './WorkflowList';
import { WorkflowView } from './WorkflowView';

export default function WorkflowsPage() {
  return (
    <Switch>
      <Route path="/workflows"><WorkflowList /></Route>
      <Route path="/workflows/:name">{({ name }) => <WorkflowView key={name} name={decodeURIComponent(name)} />}</Route>
    </Switch>
  );
}
