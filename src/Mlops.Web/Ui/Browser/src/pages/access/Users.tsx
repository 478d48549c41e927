import { Box, Button, Group, Modal, PasswordInput, Select, Stack, Switch, Table, Text, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { UserDetails } from '../../api/contracts';
import { useAnswer, useChange } from '../../api/queries';
import { useSession } from '../../session/session';
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

export function Users() {
  const { details } = useSession();
  const [edited, setEdited] = useState<UserDetails | 'new' | null>(null);
  const query = useAnswer('listUsers', {});
  return (
    <Panel title="Users" flush actions={<Button size="xs" leftSection={<IconPlus size={14} />} onClick={() => setEdited('new')}>Add user</Button>}>
      {!details.signInRequired && (
        <Box mx="md" mb="sm">
          <Notice tone="busy" title="Nobody needs to sign in yet">
            Requests of this machine are answered without a sign-in. With the first user, everybody has to sign in: give that one the role administrator, and remember the password.
          </Notice>
        </Box>
      )}
      <Loaded query={query}>
        {users => users.length === 0
          ? <EmptyState title="No user yet">Add one with the role administrator first.</EmptyState>
          : (
            <Table.ScrollContainer minWidth={560}>
              <Table>
                <Table.Thead><Table.Tr><Table.Th>User</Table.Th><Table.Th>Role</Table.Th><Table.Th>State</Table.Th><Table.Th>Since</Table.Th><Table.Th /></Table.Tr></Table.Thead>
                <Table.Tbody>{users.map(u => <Row key={u.name} user={u} onEdit={() => setEdited(u)} />)}</Table.Tbody>
              </Table>
            </Table.ScrollContainer>
          )}
      </Loaded>
      {edited !== null && <Form user={edited === 'new' ? null : edited} isFirst={!details.signInRequired} onClose={() => setEdited(null)} />}
    </Panel>
  );
}

function Row({ user, onEdit }: { user: UserDetails; onEdit: () => void }) {
  const confirm = useConfirm();
  const remove = useChange('deleteUser', ['listUsers']);
  const isLocked = user.lockedUntil !== null && user.lockedUntil !== undefined && Date.parse(user.lockedUntil) > Date.now();

  async function ask() {
    if (!await confirm({ title: `Remove ${user.name}?`, text: 'The user is signed out everywhere and can no longer sign in. What the user did stays in the audit log.', action: 'Remove user', isDangerous: true }))
      return;
    try {
      await remove.mutateAsync({ path: { name: user.name } });
      notifyDone(`${user.name} is removed.`);
    } catch (error) {
      notifyProblem(error);
    }
  }

  return (
    <Table.Tr>
      <Table.Td fw={500}>{user.name}</Table.Td>
      <Table.Td>{roleText(user.role)}</Table.Td>
      <Table.Td>{isLocked ? <StateBadge state="locked for a while" tone="warn" reason="After too many wrong passwords." /> : <StateBadge state={user.enabled ? 'may sign in' : 'disabled'} tone={user.enabled ? 'good' : 'idle'} />}</Table.Td>
      <Table.Td className="mlops-nowrap"><TimeText at={user.created} /></Table.Td>
      <Table.Td>
        <Group gap={6} justify="flex-end" wrap="nowrap">
          <Button size="compact-sm" variant="default" onClick={onEdit} aria-label={`Change ${user.name}`}>Change</Button>
          <Button size="compact-sm" variant="default" onClick={() => void ask()} aria-label={`Remove ${user.name}`}>Remove</Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function Form({ user, isFirst, onClose }: { user: UserDetails | null; isFirst: boolean; onClose: () => void }) {
  const [name, setName] = useState(user?.name ?? '');
  const [role, setRole] = useState<string | null>(user?.role ?? (isFirst ? 'admin' : 'viewer'));
  const [password, setPassword] = useState('');
  const [isEnabled, setEnabled] = useState(user?.enabled ?? true);
  const put = useChange('putUser', ['listUsers', 'getSession']);

  async function save() {
    try {
      await put.mutateAsync({ path: { name: name.trim() }, body: { role, password: password || null, enabled: isEnabled } });
      notifyDone(user ? `${user.name} is changed.` : `${name.trim()} may sign in.`);
      onClose();
    } catch {
      // The alert below says why.
    }
  }

  return (
    <Modal opened onClose={onClose} title={user ? `Change ${user.name}` : 'Add user'}>
      <form onSubmit={e => { e.preventDefault(); void save(); }}>
        <Stack gap="md">
          {!user && <TextInput label="Name" description="Letters, digits, '.', '_', '-' and '@'" required autoComplete="off" value={name} onChange={e => setName(e.currentTarget.value)} data-autofocus />}
          <Select label="Role" allowDeselect={false} data={roleChoices} value={role} onChange={setRole} />
          <PasswordInput label={user ? 'New password' : 'Password'} description={user ? 'Empty to keep the one so far. At least 8 characters.' : 'At least 8 characters, for example four random words'} required={!user} minLength={8} autoComplete="new-password" value={password} onChange={e => setPassword(e.currentTarget.value)} />
          {user && <Switch label="May sign in" checked={isEnabled} onChange={e => setEnabled(e.currentTarget.checked)} />}
          {user && <Text size="xs" c="dimmed">The user is signed out everywhere.</Text>}
          {put.isError && <ProblemAlert error={put.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={put.isPending}>{user ? 'Save' : 'Add user'}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
