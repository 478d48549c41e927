import { useQueryClient } from '@tanstack/react-query';
import { IconPlus, IconRefresh } from '@tabler/icons-react';
import { SimpleGrid } from '@mantine/core';
import { useState } from 'react';
import type { TriggerDetails } from '../../../api/contracts';
import { useAnswer } from '../../../api/queries';
import { useLive } from '../../../api/useLive';
import { EmptyState } from '../../../show/EmptyState';
import { GuardedButton } from '../../../show/GuardedButton';
import { Loaded } from '../../../show/Loaded';
import { Page } from '../../../show/Page';
import { Panel } from '../../../show/Panel';
import { RetrainingList } from './RetrainingList';
import { TriggerCard } from './TriggerCard';
import { TriggerForm } from './TriggerForm';

/** What trains models again by itself, and what came of it. */
export function TriggersView() {
  const client = useQueryClient();
  const [edited, setEdited] = useState<TriggerDetails | 'new' | null>(null);
  const query = useAnswer('listTriggers', {}, { every: 5000 });
  useLive({ topics: ['retraining'] }, () => {
    void client.invalidateQueries({ queryKey: ['listTriggers'] });
    void client.invalidateQueries({ queryKey: ['listRetrainings'] });
  });
  return (
    <Page
      title="Automatic retraining"
      above={[{ name: 'Trainings', path: '/trainings' }]}
      text="A trigger trains a model again when it is time to, compares the new one with production, and lets it go on when you approve."
      actions={<GuardedButton operation="addTrigger" leftSection={<IconPlus size={16} />} onClick={() => setEdited('new')}>New trigger</GuardedButton>}
    >
      <Loaded query={query}>
        {triggers => triggers.length === 0
          ? (
            <Panel>
              <EmptyState icon={IconRefresh} title="No trigger yet">
                A trigger fires by a schedule, after so many new labels, when data drifts, or when accuracy falls. Add one for a deployment that you want to keep fresh.
              </EmptyState>
            </Panel>
          )
          : <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">{triggers.map(t => <TriggerCard key={t.id} trigger={t} onEdit={() => setEdited(t)} />)}</SimpleGrid>}
      </Loaded>
      <RetrainingList triggers={query.data ?? []} />
      {edited !== null && <TriggerForm trigger={edited === 'new' ? null : edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}
