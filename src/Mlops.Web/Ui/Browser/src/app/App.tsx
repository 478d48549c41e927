import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Router } from 'wouter';
import { nonce, place } from '../api/place';
import { ProblemError } from '../api/problem';
import { SessionGate } from '../session/SessionGate';
import { ConfirmProvider } from '../show/confirm';
import { ErrorBoundary } from '../show/ErrorBoundary';
import { Shell } from './Shell';
import { colorSchemes, theme } from './theme';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the node refuses, it refuses again; a lost connection may come back.
      retry: (failures, error) => failures < 3 && !(error instanceof ProblemError && error.status >= 400 && error.status < 500),
      refetchOnWindowFocus: true,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={colorSchemes} getStyleNonce={() => nonce}>
      <QueryClientProvider client={client}>
        <ConfirmProvider>
          <Notifications position="bottom-right" limit={4} />
          <Router base={place}>
            <ErrorBoundary resetKey="app">
              <SessionGate><Shell /></SessionGate>
            </ErrorBoundary>
          </Router>
        </ConfirmProvider>
      </QueryClientProvider>
    </MantineProvider>
  );
}
