import { Badge, SimpleGrid, Stack } from '@mantine/core';
import type { ModelDetails } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { Facts } from '../../show/Facts';
import { Loaded } from '../../show/Loaded';
import { MetricFigures } from '../../show/MetricFigures';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { RunFiguresList } from '../../show/RunFiguresList';
import { StateBadge } from '../../show/StateBadge';
import { BacktestPanel } from './BacktestPanel';
import { History } from './History';
import { JudgePanel } from './JudgePanel';
import { Lineage } from './Lineage';
import { ModelActions } from './ModelActions';
import { ProfilePanel } from './ProfilePanel';
import { stageText, stageTone } from './stages';

/** One model: where it came from, how good it is, what it is meant for. */
export function ModelView({ id }: { id: string }) {
  const query = useAnswer('getModel', { path: { id } });
  const model = query.data;
  return (
    <Page
      title={model ? `${model.workflow} ${model.version}` : id}
      above={[{ name: 'Models', path: '/models' }]}
      text={<>Model <span className="mlops-code">{id}</span>{model && <> · <StateBadge state={stageText(model.stage)} tone={stageTone(model.stage)} /></>}</>}
      actions={model && <ModelActions model={model} />}
    >
      <Loaded query={query} lines={8}>{found => <Content model={found} />}</Loaded>
    </Page>
  );
}

function Content({ model }: { model: ModelDetails }) {
  const parameters = Object.entries(model.parameters);
  return (
    <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
      <Stack gap="md">
        <Panel title="Training metrics"><MetricFigures metrics={model.metrics} /></Panel>
        <JudgePanel model={model.id} />
        <BacktestPanel model={model.id} />
        <ProfilePanel id={model.id} />
      </Stack>
      <Stack gap="md">
        <Lineage model={model} />
        {model.measurements && <Panel title="Resources used by the training"><RunFiguresList figures={model.measurements} /></Panel>}
        <Panel title="Predicts">
          <Facts facts={[
            ['Classes', model.classes ? <span key="c">{model.classes.map(c => <Badge key={c} variant="default" mr={4}>{c}</Badge>)}</span> : null],
            ['Inputs', model.inputs.map(i => `${i.name}${i.unit ? ` (${i.unit})` : ''}`).join(', ')],
            ...parameters.map(([name, value]) => [name, JSON.stringify(value)] as const),
          ]} />
        </Panel>
        <History subject={model.id} isModel />
      </Stack>
    </SimpleGrid>
  );
}
