import { SimpleGrid } from '@mantine/core';
import type { FeedSummary, NodeStatus } from '../../api/contracts';
import { useNodeHistory } from '../../app/nodeHistory';
import { Figure } from '../../show/Figure';
import { bytes, quantity, rate, shortCount } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { energyMethods, several } from '../../show/words';

/** What the node does now, in figures. */
export function FiguresPanel({ node, feeds }: { node: NodeStatus; feeds?: readonly FeedSummary[] }) {
  const now = useNodeHistory().at(-1);
  const store = node.rooms.find(r => r.name === 'store')?.figures;
  const figure = (name: string) => (typeof store?.[name] === 'number' ? store[name] : null);
  const stored = feeds?.reduce((sum, f) => sum + f.records, 0) ?? figure('records');
  return (
    <Panel>
      <SimpleGrid cols={{ base: 2, xs: 3, md: 4, lg: 7 }} spacing="lg" verticalSpacing="md">
        <Figure name="Records in" value={rate(now?.records)} remark={`messages ${rate(now?.messages)}`} />
        <Figure name="Predictions" value={rate(now?.answers)} />
        <Figure name="Stored" value={shortCount(stored)} remark={`records in ${several(figure('feeds') ?? 0, 'feed')}`} />
        <Figure name="On disk" value={bytes(figure('bytes'))} remark={`${bytes(figure('freeBytes'))} free`} />
        <Figure name="CPU" value={quantity(node.cpuPercent, '%', 3)} remark="100 % is one core" />
        <Figure name="Memory" value={quantity(node.memoryMiB, 'MiB', 3)} remark="of this process" />
        <Figure name="Power" value={node.powerWatts === undefined || node.powerWatts === null ? '–' : quantity(node.powerWatts, 'W', 3)} remark={energyMethods[node.powerMethod ?? ''] ?? 'not known yet'} />
      </SimpleGrid>
    </Panel>
  );
}
