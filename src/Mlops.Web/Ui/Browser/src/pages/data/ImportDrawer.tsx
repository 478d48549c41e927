import { Alert, Anchor, Button, Drawer, FileInput, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { IconFile } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { Link } from 'wouter';
import type { ImportAnswer } from '../../api/contracts';
import { useRefresh } from '../../api/queries';
import { isCancelled, upload } from '../../api/upload';
import { bytes, count } from '../../show/numbers';
import { ProblemAlert } from '../../show/ProblemAlert';
import { RunProgress } from '../../show/RunProgress';
import { feedNameOf } from './feedName';

/** Brings a CSV or Parquet file into a feed. */
export function ImportDrawer({ feed, isOpen, onClose }: { feed?: string; isOpen: boolean; onClose: () => void }) {
  return (
    <Drawer opened={isOpen} onClose={onClose} size="lg" title={<Text fw={600}>{feed ? `Import into ${feed}` : 'Import a file'}</Text>}>
      {isOpen && <Import feed={feed} onClose={onClose} />}
    </Drawer>
  );
}

function Import({ feed, onClose }: { feed?: string; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState(feed ?? '');
  const [share, setShare] = useState<number | null>(null);
  const [controller, setController] = useState<AbortController | null>(null);
  const [answer, setAnswer] = useState<ImportAnswer | null>(null);
  const [error, setError] = useState<unknown>(null);
  const refresh = useRefresh();

  function choose(next: File | null) {
    setFile(next);
    setAnswer(null);
    setError(null);
    if (next && !feed && name === '')
      setName(feedNameOf(next.name));
  }

  async function send(e: FormEvent) {
    e.preventDefault();
    if (!file)
      return;
    const mine = new AbortController();
    setController(mine);
    setShare(0);
    setError(null);
    setAnswer(null);
    try {
      const type = /\.parquet$/i.test(file.name) ? 'application/vnd.apache.parquet' : 'text/csv';
      setAnswer(await upload('postRecords', { path: { feed: name }, file, type, onProgress: setShare, signal: mine.signal }));
      await refresh('listFeeds', 'getFeed', 'getChart', 'getLastRecords');
    } catch (reason) {
      if (!isCancelled(reason))
        setError(reason);
    } finally {
      setController(null);
    }
  }

  return (
    <form onSubmit={e => void send(e)}>
      <Stack gap="md">
        <FileInput label="File" description="CSV with a column timestamp, or Parquet" placeholder="Choose a file" leftSection={<IconFile size={16} />} accept=".csv,.txt,.parquet,text/csv" clearable value={file} onChange={choose} required />
        <TextInput label="Feed" description={feed ? undefined : 'A new one, or one that is there'} value={name} disabled={feed !== undefined} required maxLength={200} onChange={e => setName(e.currentTarget.value)} />
        {controller && <RunProgress label="Import" share={share !== null && share < 1 ? share : null} text={share !== null && share < 1 ? `Sending ${bytes(file?.size)} …` : 'The node stores the records …'} onCancel={() => controller.abort()} />}
        {error !== null && <ProblemAlert error={error} />}
        {answer && (
          <Alert color={answer.rejected > 0 ? 'yellow' : 'green'} role="status" title={`${count(answer.records)} records were stored`}>
            {answer.rejected > 0 && <Text size="sm">{count(answer.rejected)} lines were left out:</Text>}
            {answer.problems.length > 0 && <List size="sm">{answer.problems.slice(0, 20).map(p => <List.Item key={p.line}>line {count(p.line)}: {p.reason}</List.Item>)}</List>}
            <Anchor component={Link} href={`/data/${encodeURIComponent(answer.feed)}`} size="sm" onClick={onClose}>Look at {answer.feed}</Anchor>
          </Alert>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>{answer ? 'Close' : 'Cancel'}</Button>
          <Button type="submit" disabled={!file || name === '' || controller !== null}>Import</Button>
        </Group>
      </Stack>
    </form>
  );
}
