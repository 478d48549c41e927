import { Page } from '../../show/Page';

export default function TrainingsPage() {
  return <Page title="Trainings">{null}</Page>;
}
