import { Center, Loader } from '@mantine/core';
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, type ReactNode } from 'react';
import { call, takeCsrf, whenUnknown } from '../api/call';
import type { Role, SessionDetails } from '../api/contracts';
import { ProblemAlert } from '../show/ProblemAlert';
import { SessionContext, type Session } from './session';
import { SignInPage } from './SignInPage';

const key = ['getSession'];

// What one caller was told must not be shown to another.
function forgetOthers(client: QueryClient): void {
  client.removeQueries({ predicate: query => query.queryKey[0] !== key[0] });
}

/** Shows the pages to whom the node knows, and the sign-in to others. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const details = await call('getSession', { signal });
      takeCsrf(details.csrf);
      return details;
    },
    staleTime: Infinity,
    retry: true,
    retryDelay: 2000,
  });
  useEffect(() => whenUnknown(() => void client.invalidateQueries({ queryKey: key })), [client]);
  const details = query.data;
  const session = useMemo<Session | null>(() => details ? {
    details,
    role: (details.role ?? null) as Role | null,
    signedIn(next: SessionDetails) {
      takeCsrf(next.csrf);
      client.setQueryData(key, next);
      forgetOthers(client);
    },
    async signOut() {
      await call('signOut');
      takeCsrf(undefined);
      client.setQueryData(key, await call('getSession'));
      forgetOthers(client);
    },
  } : null, [details, client]);

  if (!session) {
    return (
      <Center mih="100vh" p="md">
        {query.failureCount > 0 ? <ProblemAlert error={query.failureReason} /> : <Loader aria-label="Loading" />}
      </Center>
    );
  }
  return <SessionContext value={session}>{session.role ? children : <SignInPage />}</SessionContext>;
}
