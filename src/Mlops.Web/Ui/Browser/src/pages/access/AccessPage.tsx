import { Tabs } from '@mantine/core';
import { IconHistory, IconKey, IconUsers } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import { useMay, whoMay } from '../../session/session';
import { EmptyState } from '../../show/EmptyState';
import { Page } from '../../show/Page';
import { Panel } from '../../show/Panel';
import { Audit } from './Audit';
import { Tokens } from './Tokens';
import { Users } from './Users';

const tabs = [
  { value: 'users', name: 'Users', icon: IconUsers },
  { value: 'tokens', name: 'API tokens', icon: IconKey },
  { value: 'audit', name: 'Audit', icon: IconHistory },
] as const;

/** Who may use the node, by which tokens, and who did what. */
export default function AccessPage() {
  const [path, navigate] = useLocation();
  const may = useMay();
  const tab = tabs.find(t => path.startsWith(`/access/${t.value}`))?.value ?? 'users';
  if (!may('listUsers'))
    return <Page title="Access"><Panel><EmptyState title="Only for administrators">{whoMay('listUsers')}</EmptyState></Panel></Page>;
  return (
    <Page title="Access" text="Who may use this node, and who did what.">
      <Tabs value={tab} onChange={value => navigate(`/access/${value}`)} keepMounted={false}>
        <Tabs.List mb="md">{tabs.map(({ value, name, icon: Icon }) => <Tabs.Tab key={value} value={value} leftSection={<Icon size={16} />}>{name}</Tabs.Tab>)}</Tabs.List>
        <Tabs.Panel value="users"><Users /></Tabs.Panel>
        <Tabs.Panel value="tokens"><Tokens /></Tabs.Panel>
        <Tabs.Panel value="audit"><Audit /></Tabs.Panel>
      </Tabs>
    </Page>
  );
}
