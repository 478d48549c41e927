import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import { Link } from 'wouter';
import { EmptyState } from '../show/EmptyState';
import { Page } from '../show/Page';
import { Panel } from '../show/Panel';

export function NotFoundPage() {
  return (
    <Page title="Nothing is here">
      <Panel>
        <EmptyState icon={IconMapOff} title="There is no page at this address" action={<Button component={Link} href="/" variant="default">Go to the overview</Button>}>
          The address may be mistyped, or what it showed was removed.
        </EmptyState>
      </Panel>
    </Page>
  );
}
