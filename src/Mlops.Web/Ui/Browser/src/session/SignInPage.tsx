import { Alert, Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { call } from '../api/call';
import { Mark } from '../app/Mark';
import { usePageTitle } from '../app/pageTitle';
import { ProblemAlert } from '../show/ProblemAlert';
import { useSession } from './session';

/** Asks who it is. */
export function SignInPage() {
  const { details, signedIn } = useSession();
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  usePageTitle('Sign in');

  async function signIn(e: FormEvent<HTMLFormElement>) {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    setBusy(true);
    setError(null);
    try {
      signedIn(await call('signIn', { body: { user: String(form.get('user')), password: String(form.get('password')) } }));
    } catch (reason) {
      setError(reason);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Center component="main" mih="100vh" p="md" bg="var(--mlops-ground)">
      <Paper withBorder p="xl" w="100%" maw={380} shadow="xs">
        <Stack gap="md">
          <Mark size={36} />
          <Title order={1} size="h3">Sign in</Title>
          {details.signInRequired ? (
            <form onSubmit={e => void signIn(e)}>
              <Stack gap="md">
                <TextInput name="user" label="User" autoComplete="username" autoCapitalize="none" required autoFocus />
                <PasswordInput name="password" label="Password" autoComplete="current-password" required />
                {error !== null && <ProblemAlert error={error} />}
                <Button type="submit" loading={isBusy} fullWidth>Sign in</Button>
                <Text size="xs" c="dimmed">The first user is <b>admin</b>, with the password of the setting Mlops:Web:AdminPassword.</Text>
              </Stack>
            </form>
          ) : (
            <Alert color="blue" title="Only from its own machine">
              <Text size="sm">This node answers only requests of its own machine. Set Mlops:Web:AdminPassword, restart the node and sign in; or open this page on its machine by the name localhost.</Text>
            </Alert>
          )}
        </Stack>
      </Paper>
    </Center>
  );
}
