import { ActionIcon, Anchor, Box, Button, Grid, Group, ScrollArea, Stack, Text, TextInput, Tooltip, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconAntennaBars5, IconChevronRight, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { Mapping, TopicDetails } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { EmptyState } from '../../show/EmptyState';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { bytes, count, rate, shortCount } from '../../show/numbers';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';
import { MappingDrawer } from './MappingDrawer';
import { isDatabus, matches, ratesOf, readable, treeOf, type TopicNode } from './topics';

/** What comes on the bus, as it comes. */
export function TopicExplorer() {
  const [text, setText] = useState('#');
  const [filter] = useDebouncedValue(text.trim() || '#', 500);
  const [isPaused, setPaused] = useState(false);
  const [selected, setSelected] = useState<string | null>(null);
  const [learning, setLearning] = useState<string | null>(null);
  const query = useAnswer('listTopics', { query: { filter, limit: 2000 } }, { every: isPaused ? false : 1000, keep: true });
  const mappings = useAnswer('listMappings', {});
  const rates = useRates(query.data, query.dataUpdatedAt);
  const tree = useMemo(() => treeOf(query.data ?? []), [query.data]);
  const topic = query.data?.find(t => t.topic === selected);

  return (
    <>
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 6, lg: 5 }}>
          <Panel title="Topics" actions={<Text size="xs" c="dimmed" className="mlops-number">{query.data ? `${count(query.data.length)} seen` : ''}</Text>}>
            <Group gap="xs" wrap="nowrap" mb="xs">
              <TextInput flex={1} aria-label="Topic filter" value={text} onChange={e => setText(e.currentTarget.value)} className="mlops-code-input" />
              <Tooltip label={isPaused ? 'Go on' : 'Hold what is shown'}>
                <ActionIcon size="lg" variant="default" aria-label={isPaused ? 'Go on' : 'Pause'} onClick={() => setPaused(!isPaused)}>{isPaused ? <IconPlayerPlay size={16} /> : <IconPlayerPause size={16} />}</ActionIcon>
              </Tooltip>
            </Group>
            <Loaded query={query} lines={6}>
              {list => list.length === 0 ? (
                <EmptyState icon={IconAntennaBars5} title="Waiting for messages">
                  Publish to the broker, and each topic appears here with its last message. Watching begins when this page is opened.
                </EmptyState>
              ) : (
                <ScrollArea.Autosize mah="62vh" type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Topics' } as never}>
                  <Levels nodes={tree} rates={rates} selected={selected} onSelect={setSelected} />
                </ScrollArea.Autosize>
              )}
            </Loaded>
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 6, lg: 7 }}>
          {topic ? <Message topic={topic} rate={rates.get(topic.topic) ?? 0} mapping={mappings.data?.find(m => matches(m.topic, topic.topic))} onLearn={setLearning} />
            : <Panel><Text size="sm" c="dimmed">Choose a topic to see its last message{(query.data?.length ?? 0) > 0 ? '' : ', as soon as there is one'}.</Text></Panel>}
        </Grid.Col>
      </Grid>
      <MappingDrawer topic={learning} onClose={() => setLearning(null)} />
    </>
  );
}

function useRates(topics: readonly TopicDetails[] | undefined, at: number): Map<string, number> {
  const before = useRef<{ counts: Map<string, number>; at: number }>({ counts: new Map(), at: 0 });
  const [rates, setRates] = useState<Map<string, number>>(new Map());
  useEffect(() => {
    if (!topics)
      return;
    const { counts, at: last } = before.current;
    if (last > 0)
      setRates(ratesOf(counts, topics, (at - last) / 1000));
    before.current = { counts: new Map(topics.map(t => [t.topic, t.messages])), at };
  }, [topics, at]);
  return rates;
}

interface LevelsProps {
  nodes: readonly TopicNode[];
  rates: ReadonlyMap<string, number>;
  selected: string | null;
  onSelect: (topic: string) => void;
}

function Levels(props: LevelsProps) {
  return <ul className="mlops-list mlops-tree">{props.nodes.map(node => <Level key={node.path} {...props} node={node} isOpenFirst={props.nodes.length <= 20} />)}</ul>;
}

function Level({ node, isOpenFirst, rates, selected, onSelect }: Omit<LevelsProps, 'nodes'> & { node: TopicNode; isOpenFirst: boolean }) {
  const [isOpen, setOpen] = useState(isOpenFirst);
  const hasChildren = node.children.length > 0;
  const speed = node.topic ? rates.get(node.path) ?? 0 : 0;
  return (
    <li>
      <Group gap={4} wrap="nowrap" className="mlops-topic" data-selected={selected === node.path || undefined}>
        {hasChildren
          ? <ActionIcon size="sm" aria-label={`${isOpen ? 'Fold' : 'Unfold'} ${node.path}`} aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}><IconChevronRight size={14} className="mlops-chevron" data-open={isOpen || undefined} /></ActionIcon>
          : <Box w={22} />}
        <UnstyledButton className="mlops-grow" aria-current={selected === node.path || undefined} onClick={() => (node.topic ? onSelect(node.path) : setOpen(!isOpen))}>
          <Group justify="space-between" wrap="nowrap" gap="xs">
            <Text span size="sm" truncate fw={node.topic ? 500 : 400}>{node.name || '(empty)'}</Text>
            <Text span size="xs" c="dimmed" className="mlops-number mlops-still">{speed > 0 ? `${rate(speed)} · ` : ''}{shortCount(node.messages)}</Text>
          </Group>
        </UnstyledButton>
      </Group>
      {hasChildren && isOpen && <Levels nodes={node.children} rates={rates} selected={selected} onSelect={onSelect} />}
    </li>
  );
}

function Message({ topic, rate: speed, mapping, onLearn }: { topic: TopicDetails; rate: number; mapping?: Mapping; onLearn: (filter: string) => void }) {
  const parent = topic.topic.includes('/') ? `${topic.topic.slice(0, topic.topic.lastIndexOf('/'))}/+` : null;
  return (
    <Panel title={<span className="mlops-wrap">{topic.topic}</span>}>
      <Stack gap="sm">
        <Group gap="4px 16px" fz="sm" c="dimmed" className="mlops-number">
          <span>{count(topic.messages)} messages</span>
          <span>{rate(speed)}</span>
          <span>{bytes(topic.bytes)}</span>
          <span>last <TimeText at={topic.last} relative /></span>
          {topic.retained && <span>kept by the broker</span>}
        </Group>
        <ScrollArea.Autosize mah="46vh" type="auto" viewportProps={{ tabIndex: 0, 'aria-label': 'Payload' } as never}>
          <pre className="mlops-payload">{topic.text !== null && topic.text !== undefined ? readable(topic.text) : topic.base64}{topic.whole ? '' : '\n…'}</pre>
        </ScrollArea.Autosize>
        {isDatabus(topic.topic) ? <Text size="sm" c="dimmed">Common Databus format: stored without a mapping.</Text>
          : mapping ? <Text size="sm">Goes into the feed <Anchor component={Link} href={`/data/${encodeURIComponent(mapping.feed)}`} inherit>{mapping.feed}</Anchor> by the mapping of <span className="mlops-code">{mapping.topic}</span>.</Text>
            : (
              <Group gap="xs">
                <GuardedButton operation="addMapping" onClick={() => onLearn(topic.topic)}>Make a mapping</GuardedButton>
                {parent && <Button variant="default" onClick={() => onLearn(parent)}>For all of <span className="mlops-code mlops-inset">{parent}</span></Button>}
              </Group>
            )}
      </Stack>
    </Panel>
  );
}
