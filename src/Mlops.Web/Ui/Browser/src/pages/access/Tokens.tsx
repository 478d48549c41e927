import { Button, Code, CopyButton, Group, Modal, NumberInput, Select, Stack, Table, Text, TextInput } from '@mantine/core';
import { IconKey, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { TokenDetails } from '../../api/contracts';
import { useAnswer, useChange } from '../../api/queries';
import { useConfirm } from '../../show/confirm';
import { EmptyState } from '../../show/EmptyState';
import { Loaded } from '../../show/Loaded';
import { Notice } from '../../show/Notice';
import { notifyDone, notifyProblem } from '../../show/notify';
import { Panel } from '../../show/Panel';
import { ProblemAlert } from '../../show/ProblemAlert';
import { StateBadge } from '../../show/StateBadge';
import { TimeText } from '../../show/TimeText';
import { roleChoices, roleText } from './roles';

export function Tokens() {
  const [isOpen, setOpen] = useState(false);
  const query = useAnswer('listTokens', {});
  return (
    <Panel title="API tokens" flush actions={<Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setOpen(true)}>New token</Button>}>
      <Loaded query={query}>
        {tokens => tokens.length === 0
          ? <EmptyState icon={IconKey} title="No token yet">Programs send a token instead of signing in: <Code>Authorization: Bearer …</Code></EmptyState>
          : (
            <Table.ScrollContainer minWidth={640}>
              <Table>
                <Table.Thead><Table.Tr><Table.Th>Name</Table.Th><Table.Th>Role</Table.Th><Table.Th>Made</Table.Th><Table.Th>By</Table.Th><Table.Th>Last used</Table.Th><Table.Th>Ends</Table.Th><Table.Th /></Table.Tr></Table.Thead>
                <Table.Tbody>{tokens.map(t => <Row key={t.id} token={t} />)}</Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
      </Loaded>
      {isOpen && <Form onClose={() => setOpen(false)} />}
    </Panel>
  );
}

function Row({ token }: { token: TokenDetails }) {
  const confirm = useConfirm();
  const remove = useChange('deleteToken', ['listTokens']);

  async function ask() {
    if (!await confirm({ title: `Revoke the token '${token.name}'?`, text: 'Programs that use it are refused at once.', action: 'Revoke token', isDangerous: true }))
      return;
    try {
      await remove.mutateAsync({ path: { id: token.id } });
      notifyDone(`The token '${token.name}' is no longer valid.`);
    } catch (error) {
      notifyProblem(error);
    }
  }

  const isOver = Boolean(token.expires && Date.parse(token.expires) < Date.now());
  return (
    <Table.Tr>
      <Table.Td fw={500} className="mlops-wrap">{token.name}</Table.Td>
      <Table.Td>{roleText(token.role)}</Table.Td>
      <Table.Td className="mlops-nowrap"><TimeText at={token.created} /></Table.Td>
      <Table.Td>{token.createdBy ?? '–'}</Table.Td>
      <Table.Td className="mlops-nowrap"><TimeText at={token.lastUsed} relative /></Table.Td>
      <Table.Td>{isOver ? <StateBadge state="expired" tone="idle" /> : token.expires ? <TimeText at={token.expires} relative /> : 'never'}</Table.Td>
      <Table.Td ta="right"><Button size="compact-sm" variant="default" onClick={() => void ask()} aria-label={`Revoke ${token.name}`}>Revoke</Button></Table.Td>
    </Table.Tr>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<string | null>('viewer');
  const [days, setDays] = useState<number | null>(90);
  const create = useChange('createToken', ['listTokens']);
  const made = create.data;

  return (
    <Modal opened onClose={onClose} title={made ? 'The new token' : 'New token'} closeOnClickOutside={!made} closeOnEscape={!made}>
      {made ? (
        <Stack gap="md">
          <Notice tone="warn" title="Copy it now">It is shown this once. The node keeps only what it needs to recognise it.</Notice>
          <Code block className="mlops-wrap" data-testid="token">{made.token}</Code>
          <Group justify="flex-end" gap="xs">
            <CopyButton value={made.token}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
            <Button onClick={onClose}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form onSubmit={e => { e.preventDefault(); create.mutate({ body: { name: name.trim(), role: role ?? 'viewer', expiresInDays: days } }); }}>
          <Stack gap="md">
            <TextInput label="Name" description="Which program uses it" required value={name} onChange={e => setName(e.currentTarget.value)} data-autofocus />
            <Select label="Role" allowDeselect={false} data={roleChoices} value={role} onChange={setRole} />
            <NumberInput label="Valid for" description="Empty for ever" placeholder="for ever" suffix=" days" min={1} value={days ?? ''} onChange={v => setDays(typeof v === 'number' ? v : null)} />
            <Text size="xs" c="dimmed">Give a program no more than it needs.</Text>
            {create.isError && <ProblemAlert error={create.error} />}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onClose}>Cancel</Button>
              <Button type="submit" loading={create.isPending}>Make token</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
