import { Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { call } from '../api/call';
import { notifyDone } from '../show/notify';
import { ProblemAlert } from '../show/ProblemAlert';
import { useSession } from './session';

/** Lets whoever is signed in choose another password. */
export function ChangePassword({ onClose }: { onClose: () => void }) {
  const { signedIn } = useSession();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const differs = again !== '' && again !== next;

  async function change() {
    setBusy(true);
    setError(null);
    try {
      const session = await call('changePassword', { body: { current, new: next } });
      onClose();
      signedIn(session);
      notifyDone('Your password is changed; you are signed out everywhere else.');
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Modal opened onClose={onClose} title="Change your password">
      <form onSubmit={e => { e.preventDefault(); void change(); }}>
        <Stack gap="md">
          <PasswordInput label="Current password" required autoComplete="current-password" value={current} onChange={e => setCurrent(e.currentTarget.value)} data-autofocus />
          <PasswordInput label="New password" description="At least 8 characters, for example four random words" required minLength={8} autoComplete="new-password" value={next} onChange={e => setNext(e.currentTarget.value)} />
          <PasswordInput label="New password again" required autoComplete="new-password" value={again} onChange={e => setAgain(e.currentTarget.value)} error={differs ? 'The two are not the same.' : undefined} />
          {error !== null && <ProblemAlert error={error} />}
          <Text size="xs" c="dimmed">You stay signed in here, and are signed out everywhere else.</Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={isBusy} disabled={differs || again === ''}>Change password</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
