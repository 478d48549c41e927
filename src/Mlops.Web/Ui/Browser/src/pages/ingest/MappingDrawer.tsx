import { Alert, Button, Drawer, Group, List, NumberInput, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { call } from '../../api/call';
import type { Mapping, MappingLearned } from '../../api/contracts';
import { isCancelled } from '../../api/upload';
import { count } from '../../show/numbers';
import { ProblemAlert } from '../../show/ProblemAlert';
import { RunProgress } from '../../show/RunProgress';
import { MappingForm } from './MappingForm';

/** Watches a topic, and turns what was seen into a mapping. */
export function MappingDrawer({ topic, onClose }: { topic: string | null; onClose: () => void }) {
  return (
    <Drawer opened={topic !== null} onClose={onClose} size="xl" title={<Text fw={600} className="mlops-wrap">Mapping of {topic}</Text>}>
      {topic !== null && <Learn key={topic} topic={topic} onDone={onClose} />}
    </Drawer>
  );
}

function Learn({ topic, onDone }: { topic: string; onDone: () => void }) {
  const [seconds, setSeconds] = useState(5);
  const [began, setBegan] = useState<number | null>(null);
  const [share, setShare] = useState(0);
  const [learned, setLearned] = useState<MappingLearned | null>(null);
  const [error, setError] = useState<unknown>(null);
  const controller = useRef<AbortController | null>(null);

  async function learn() {
    const mine = new AbortController();
    controller.current = mine;
    setError(null);
    setLearned(null);
    setBegan(Date.now());
    try {
      setLearned(await call('learnMapping', { body: { topic, seconds, messages: 200 }, signal: mine.signal }));
    } catch (reason) {
      if (!isCancelled(reason))
        setError(reason);
    } finally {
      setBegan(null);
    }
  }

  useEffect(() => {
    void learn();
    return () => controller.current?.abort();
    // Once, when it is opened.
  }, []);
  useEffect(() => {
    if (began === null)
      return undefined;
    const timer = setInterval(() => setShare(Math.min(1, (Date.now() - began) / (seconds * 1000))), 100);
    return () => clearInterval(timer);
  }, [began, seconds]);

  return (
    <Stack gap="md">
      {began !== null && <RunProgress label="Watching the topic" share={share} text="Watching what comes …" onCancel={() => controller.current?.abort()} />}
      {error !== null && <ProblemAlert error={error} />}
      {began === null && !learned?.mapping && (
        <Group align="flex-end" gap="xs">
          <NumberInput label="Watch for" suffix=" s" min={1} max={300} w={120} value={seconds} onChange={value => setSeconds(Number(value) || 5)} />
          <Button variant="default" onClick={() => void learn()}>Watch again</Button>
        </Group>
      )}
      {learned && !learned.mapping && (
        <Alert color="yellow" title={learned.messages === 0 ? 'No message came' : 'No JSON was seen'}>
          {learned.messages === 0 ? 'Watch for longer, or look whether the sender publishes.' : 'A mapping needs JSON. For binary or delimited messages add an asset of the kind mqtt-decoder.'}
        </Alert>
      )}
      {learned?.mapping && (
        <>
          <Text size="sm" c="dimmed">{count(learned.messages)} messages with {count(learned.records)} records were seen{learned.topics.length > 1 ? ` on ${count(learned.topics.length)} topics` : ''}. Change what does not fit, then save.</Text>
          {learned.notes.length > 0 && <Alert color="yellow" title="Look at this"><List size="sm">{learned.notes.map(note => <List.Item key={note}>{note}</List.Item>)}</List></Alert>}
          <MappingForm first={learned.mapping as Mapping} onDone={onDone} />
        </>
      )}
    </Stack>
  );
}
