import { Route, Switch } from 'wouter';
import { CompareView } from './CompareView';
import { TrainingList } from './TrainingList';
import { TrainingView } from './TrainingView';
import { TriggersView } from './triggers/TriggersView';
import { TrainingWizard } from './wizard/TrainingWizard';

export default function TrainingsPage() {
  return (
    <Switch>
      <Route path="/trainings"><TrainingList /></Route>
      <Route path="/trainings/new"><TrainingWizard /></Route>
      <Route path="/trainings/compare"><CompareView /></Route>
      <Route path="/trainings/again"><TriggersView /></Route>
      <Route path="/trainings/:id">{({ id }) => <TrainingView key={id} id={decodeURIComponent(id)} />}</Route>
    </Switch>
  );
}
