import { AppShell, Badge, Box, Burger, Group, Loader, Center, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Suspense, useEffect } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { useAnswer } from '../api/queries';
import { ErrorBoundary } from '../show/ErrorBoundary';
import { StateBadge } from '../show/StateBadge';
import { Mark } from './Mark';
import { Navigation } from './Navigation';
import { NotFoundPage } from './NotFoundPage';
import { pages } from './pages';
import { nodeHistory } from './nodeHistory';
import { nameNode } from './pageTitle';
import { UserMenu } from './UserMenu';
import { ThemeMenu } from './ThemeMenu';

/** What is around every page: node, navigation, who is signed in. */
export function Shell() {
  const [isOpen, { toggle, close }] = useDisclosure();
  const [path] = useLocation();
  const status = useAnswer('getStatus', {}, { every: nodeHistory.all.length < 3 ? 1500 : 5000 });
  const node = status.data;
  useEffect(() => nameNode(node?.name ?? ''), [node?.name]);
  useEffect(() => {
    if (node)
      nodeHistory.add(node, status.dataUpdatedAt / 1000);
  }, [node, status.dataUpdatedAt]);
  useEffect(() => {
    close();
    window.scrollTo(0, 0);
  }, [path, close]);

  return (
    <AppShell header={{ height: 52 }} navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !isOpen } }} padding={0}>
      <a className="mlops-skip" href="#main" onClick={e => {
        e.preventDefault();
        document.getElementById('main')?.focus();
      }}>Skip to the content</a>
      <AppShell.Header className="mlops-header">
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={isOpen} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={isOpen ? 'Close the navigation' : 'Open the navigation'} aria-expanded={isOpen} aria-controls="navigation" />
          <Link href="/" className="mlops-home" aria-label="Overview"><Mark size={26} /></Link>
          <Text fw={600} truncate className="mlops-node-name">{node?.name ?? 'Mlops'}</Text>
          {node && <Badge color="gray" visibleFrom="xs">{node.layer}</Badge>}
          <Box flex={1} />
          <Box visibleFrom="xs" fz="sm" role="status">
            {status.isError ? <StateBadge state="no connection" tone="bad" />
              : node ? <StateBadge state={node.healthy ? 'healthy' : 'needs attention'} tone={node.healthy ? 'good' : 'warn'} /> : null}
          </Box>
          <ThemeMenu />
          <UserMenu />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className="mlops-navbar" id="navigation" aria-label="Pages" p="xs">
        <Navigation path={path} onChoose={close} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Box p={{ base: 'sm', sm: 'lg' }} maw={1640}>
          <ErrorBoundary resetKey={path}>
            <Suspense fallback={<Center mih={240}><Loader aria-label="Loading the page" /></Center>}>
              <Switch>
                {pages.map(({ path: root, page: PageOf }) => root === '/'
                  ? <Route key={root} path="/" component={PageOf} />
                  : <Route key={root} path={`${root}/*?`}><PageOf /></Route>)}
                <Route><NotFoundPage /></Route>
              </Switch>
            </Suspense>
          </ErrorBoundary>
        </Box>
      </AppShell.Main>
    </AppShell>
  );
}
