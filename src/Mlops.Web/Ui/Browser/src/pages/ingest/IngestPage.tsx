import { Tabs } from '@mantine/core';
import { useLocation, useRoute } from 'wouter';
import { useAnswer } from '../../api/queries';
import { Page } from '../../show/Page';
import { DeadLetters } from './DeadLetters';
import { Mappings } from './Mappings';
import { TopicExplorer } from './TopicExplorer';

/** What comes on the message bus, and how it becomes records. */
export default function IngestPage() {
  const [, match] = useRoute<{ tab: string }>('/ingest/:tab');
  const [, go] = useLocation();
  const status = useAnswer('getStatus', {}, { every: 5000 });
  const broker = status.data?.mqtt;
  return (
    <Page title="Ingest" text={broker ? <>Messages come to the broker at <span className="mlops-code">{broker.host}:{broker.port}</span>. Messages in the Common Databus format are stored at once; plain JSON needs a mapping.</> : 'What comes on the message bus, and how it becomes records.'}>
      <Tabs value={match?.tab ?? 'topics'} onChange={tab => go(tab === 'topics' || !tab ? '/ingest' : `/ingest/${tab}`)} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="topics">Topics</Tabs.Tab>
          <Tabs.Tab value="mappings">Mappings</Tabs.Tab>
          <Tabs.Tab value="dead-letters">Dead letters</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="topics"><TopicExplorer /></Tabs.Panel>
        <Tabs.Panel value="mappings"><Mappings /></Tabs.Panel>
        <Tabs.Panel value="dead-letters"><DeadLetters /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
