import { Anchor, Button, Table, Text, TextInput } from '@mantine/core';
import { IconDatabase, IconSearch, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import { useAnswer } from '../../api/queries';
import { EmptyState } from '../../show/EmptyState';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { count, shortCount } from '../../show/numbers';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { TimeText } from '../../show/TimeText';
import { ImportDrawer } from './ImportDrawer';

const most = 200;

export function FeedList() {
  const query = useAnswer('listFeeds', {}, { every: 5000 });
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(most);
  const [isImporting, setImporting] = useState(false);
  const importButton = <GuardedButton operation="postRecords" leftSection={<IconUpload size={16} />} onClick={() => setImporting(true)}>Import a file</GuardedButton>;
  return (
    <Page title="Data" text="Feeds: records that assets sent, that were imported, and that models predicted." actions={(query.data?.length ?? 0) > 0 ? importButton : null}>
      <Panel flush>
        <Loaded query={query}>
          {feeds => {
            if (feeds.length === 0) {
              return (
                <EmptyState icon={IconDatabase} title="Nothing is stored yet" action={importButton}>
                  Feeds appear when an <Anchor component={Link} href="/assets" inherit underline="always">asset</Anchor> or a <Anchor component={Link} href="/ingest" inherit underline="always">topic</Anchor> brings records, or when you import a file.
                </EmptyState>
              );
            }
            const found = feeds.filter(f => f.id.toLowerCase().includes(search.toLowerCase()));
            return (
              <>
                {feeds.length > 6 && <TextInput m="md" mb={0} maw={340} aria-label="Search feeds" placeholder={`Search ${count(feeds.length)} feeds`} leftSection={<IconSearch size={15} />} value={search} onChange={e => setSearch(e.currentTarget.value)} />}
                <Table.ScrollContainer minWidth={300}>
                  <Table highlightOnHover>
                    <Table.Thead>
                      <Table.Tr><Table.Th>Feed</Table.Th><Table.Th visibleFrom="sm">Fields</Table.Th><Table.Th ta="right">Records</Table.Th><Table.Th visibleFrom="sm">First</Table.Th><Table.Th>Last</Table.Th></Table.Tr>
                    </Table.Thead>
                    <Table.Tbody>
                      {found.slice(0, shown).map(feed => (
                        <Table.Tr key={feed.id}>
                          <Table.Td><Anchor component={Link} href={`/data/${encodeURIComponent(feed.id)}`} size="sm" fw={600} className="mlops-wrap">{feed.id}</Anchor></Table.Td>
                          <Table.Td maw={360} visibleFrom="sm"><Text size="sm" c="dimmed" truncate title={feed.fields.map(f => f.name).join(', ')}>{feed.fields.map(f => f.name).join(', ')}</Text></Table.Td>
                          <Table.Td ta="right" className="mlops-number">{shortCount(feed.records)}</Table.Td>
                          <Table.Td visibleFrom="sm"><TimeText at={feed.first} /></Table.Td>
                          <Table.Td><TimeText at={feed.last} relative /></Table.Td>
                        </Table.Tr>
                      ))}
                    </Table.Tbody>
                  </Table>
                </Table.ScrollContainer>
                {found.length === 0 && <Text size="sm" c="dimmed" p="md">No feed has this in its name.</Text>}
                {found.length > shown && <Button m="md" variant="default" size="compact-sm" onClick={() => setShown(shown + most)}>Show more</Button>}
              </>
            );
          }}
        </Loaded>
      </Panel>
      <ImportDrawer isOpen={isImporting} onClose={() => setImporting(false)} />
    </Page>
  );
}
