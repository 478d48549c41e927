import { Route, Switch } from 'wouter';
import { ModelList } from './ModelList';
import { ModelView } from './ModelView';

export default function ModelsPage() {
  return (
    <Switch>
      <Route path="/models"><ModelList /></Route>
      <Route path="/models/:id">{({ id }) => <ModelView key={id} id={decodeURIComponent(id)} />}</Route>
    </Switch>
  );
}
