import { Button, Menu, Tabs } from '@mantine/core';
import { IconChevronDown, IconDownload, IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { addressOf } from '../../api/address';
import type { FeedSummary } from '../../api/contracts';
import { useAnswer } from '../../api/queries';
import { GuardedButton } from '../../show/GuardedButton';
import { Loaded } from '../../show/Loaded';
import { count } from '../../show/numbers';
import { Page } from '../../show/Page';
import { dateTime } from '../../show/times';
import { ChartTab } from './ChartTab';
import { FieldsTab } from './FieldsTab';
import { ImportDrawer } from './ImportDrawer';
import { LabelsTab } from './LabelsTab';
import { instant, readRange } from './range';
import { TableTab } from './TableTab';

/** One feed. What is looked at stands in the address. */
export function FeedPage({ id }: { id: string }) {
  const query = useAnswer('getFeed', { path: { feed: id } }, { every: 5000 });
  const [isImporting, setImporting] = useState(false);
  const [search, setSearch] = useSearchParams();
  const tab = search.get('tab') ?? 'chart';
  const feed = query.data;
  const origin = feed?.app ? [feed.app, feed.connection, feed.collection].filter(Boolean).join(' / ') : null;

  function show(next: string | null) {
    setSearch(before => {
      const after = new URLSearchParams(before);
      if (next && next !== 'chart')
        after.set('tab', next);
      else
        after.delete('tab');
      return after;
    }, { replace: true });
  }

  return (
    <Page title={id} above={[{ name: 'Data', path: '/data' }]} text={feed && (
      <>
        {count(feed.records)} records{feed.first ? ` from ${dateTime(feed.first)} to ${dateTime(feed.last)}` : ''}{origin && origin !== id ? `, announced as ${origin}` : ''}
      </>
    )} actions={feed && (
      <>
        <GuardedButton operation="postRecords" variant="default" leftSection={<IconUpload size={16} />} onClick={() => setImporting(true)}>Import</GuardedButton>
        <Export feed={feed} search={search} />
      </>
    )}>
      <Loaded query={query} lines={8}>
        {current => (
          <Tabs value={tab} onChange={show} keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="chart">Chart</Tabs.Tab>
              <Tabs.Tab value="table">Table</Tabs.Tab>
              <Tabs.Tab value="labels">Labels</Tabs.Tab>
              <Tabs.Tab value="fields">Fields</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="chart"><ChartTab feed={current} /></Tabs.Panel>
            <Tabs.Panel value="table"><TableTab feed={current} /></Tabs.Panel>
            <Tabs.Panel value="labels"><LabelsTab feed={current} /></Tabs.Panel>
            <Tabs.Panel value="fields"><FieldsTab feed={current} /></Tabs.Panel>
          </Tabs>
        )}
      </Loaded>
      <ImportDrawer feed={id} isOpen={isImporting} onClose={() => setImporting(false)} />
    </Page>
  );
}

function Export({ feed, search }: { feed: FeedSummary; search: URLSearchParams }) {
  const range = readRange(search);
  const formats = [{ value: 'csv', name: 'CSV' }, { value: 'parquet', name: 'Parquet' }, { value: 'json', name: 'JSON' }];
  const to = (format: string, part: boolean) => addressOf('getRecords', { feed: feed.id }, {
    format, from: part && range ? instant(range.from) : undefined, to: part && range ? instant(range.to, true) : undefined, filter: search.get('filter') ?? undefined,
  });
  return (
    <Menu position="bottom-end">
      <Menu.Target><Button variant="default" leftSection={<IconDownload size={16} />} rightSection={<IconChevronDown size={14} />}>Export</Button></Menu.Target>
      <Menu.Dropdown>
        {range && <Menu.Label>What is shown</Menu.Label>}
        {range && formats.map(f => <Menu.Item key={f.value} component="a" href={to(f.value, true)} download={`${feed.id}.${f.value}`}>{f.name}</Menu.Item>)}
        <Menu.Label>The whole feed</Menu.Label>
        {formats.map(f => <Menu.Item key={f.value} component="a" href={to(f.value, false)} download={`${feed.id}.${f.value}`}>{f.name}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}
