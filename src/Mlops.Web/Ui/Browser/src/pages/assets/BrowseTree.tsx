import { ActionIcon, Button, Group, Loader, Text, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronRight, IconCopy, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../api/call';
import type { AssetDetails, BrowseEntry } from '../../api/contracts';
import { useRefresh } from '../../api/queries';
import { kindOf, type Schema } from '../../show/form/schema';
import { notifyDone, notifyProblem } from '../../show/notify';
import { Panel } from '../../show/Panel';
import { ProblemAlert } from '../../show/ProblemAlert';
import { StateBadge } from '../../show/StateBadge';
import { useMay } from '../../session/session';

/** What can be read at an asset, level by level; values can be added to what its driver reads. */
export function BrowseTree({ asset, settings }: { asset: AssetDetails; settings?: Schema }) {
  // Drivers that read what they are told to name it in the setting 'nodes'.
  const read = new Set(Array.isArray(asset.settings.nodes) ? asset.settings.nodes as string[] : []);
  const canAdd = useMay()('putAsset') && settings?.properties?.nodes !== undefined && kindOf(settings.properties.nodes) === 'texts';
  const [chosen, setChosen] = useState<readonly BrowseEntry[]>([]);
  const [isBusy, setBusy] = useState(false);
  const refresh = useRefresh();

  async function add() {
    setBusy(true);
    try {
      const nodes = [...read, ...chosen.map(c => c.id).filter(id => !read.has(id))];
      await call('putAsset', { path: { id: asset.id }, body: { kind: asset.kind, settings: { ...asset.settings, nodes } }, tag: asset.version });
      notifyDone(`${chosen.length} ${chosen.length === 1 ? 'value is' : 'values are'} read from now on.`);
      setChosen([]);
      await refresh('getAsset', 'listAssets');
    } catch (error) {
      notifyProblem(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Panel title="What can be read there" actions={chosen.length > 0 ? <Button size="compact-sm" loading={isBusy} onClick={() => void add()}>Read {chosen.length} more</Button> : null}>
      <Level asset={asset.id} parent={null} read={read} chosen={chosen} onChoose={canAdd ? entry => setChosen(list => list.some(c => c.id === entry.id) ? list.filter(c => c.id !== entry.id) : [...list, entry]) : undefined} />
    </Panel>
  );
}

interface LevelProps {
  asset: string;
  parent: string | null;
  read: ReadonlySet<string>;
  chosen: readonly BrowseEntry[];
  onChoose?: (entry: BrowseEntry) => void;
}

function Level({ asset, parent, read, chosen, onChoose }: LevelProps) {
  const query = useQuery({ queryKey: ['browseAsset', asset, parent], queryFn: ({ signal }) => call('browseAsset', { path: { id: asset }, body: parent === null ? {} : { parent }, signal }), staleTime: 30_000, retry: false });
  if (query.isPending)
    return <Group gap="xs" py={4} aria-busy="true"><Loader size="xs" /><Text size="sm" c="dimmed">Reading …</Text></Group>;
  if (query.isError)
    return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  if (query.data.length === 0)
    return <Text size="sm" c="dimmed" py={4}>Nothing is here.</Text>;
  return (
    <ul className="mlops-list mlops-tree">
      {query.data.map(entry => <Entry key={entry.id} entry={entry} asset={asset} read={read} chosen={chosen} onChoose={onChoose} />)}
    </ul>
  );
}

function Entry({ entry, asset, read, chosen, onChoose }: Omit<LevelProps, 'parent'> & { entry: BrowseEntry }) {
  const [isOpen, setOpen] = useState(false);
  const isChosen = chosen.some(c => c.id === entry.id);
  const isRead = read.has(entry.id);
  const name = (
    <>
      <Text span size="sm" fw={entry.type ? 500 : 600}>{entry.name}</Text>
      {entry.type && <Text span size="xs" c="dimmed">{entry.type}{entry.unit ? `, ${entry.unit}` : ''}</Text>}
    </>
  );
  return (
    <li>
      <Group gap={6} wrap="nowrap" py={2}>
        {entry.hasChildren ? (
          <UnstyledButton onClick={() => setOpen(!isOpen)} aria-expanded={isOpen} className="mlops-branch">
            <Group gap={6} wrap="nowrap"><IconChevronRight size={15} className="mlops-chevron" data-open={isOpen || undefined} aria-hidden="true" />{name}</Group>
          </UnstyledButton>
        ) : <Group gap={6} wrap="nowrap" pl={21}>{name}</Group>}
        {isRead && <Text span size="xs"><StateBadge state="read" tone="good" /></Text>}
        {entry.writable && <Text span size="xs" c="dimmed">writable</Text>}
        <Tooltip label={`Copy ${entry.id}`}><ActionIcon size="sm" aria-label={`Copy the id of ${entry.name}`} onClick={() => void navigator.clipboard?.writeText(entry.id).then(() => notifyDone('Copied.'))}><IconCopy size={14} /></ActionIcon></Tooltip>
        {onChoose && entry.type && !isRead && (
          <Button size="compact-xs" variant={isChosen ? 'filled' : 'default'} leftSection={<IconPlus size={12} />} aria-pressed={isChosen} onClick={() => onChoose(entry)}>{isChosen ? 'Chosen' : 'Read'}</Button>
        )}
      </Group>
      {entry.description && <Text size="xs" c="dimmed" pl={21}>{entry.description}</Text>}
      {isOpen && <Level asset={asset} parent={entry.id} read={read} chosen={chosen} onChoose={onChoose} />}
    </li>
  );
}
