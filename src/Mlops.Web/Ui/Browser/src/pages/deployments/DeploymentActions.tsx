import { Button, Group, Menu, Modal, NumberInput, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconArrowsExchange, IconChevronDown, IconFlask, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import type { DeploymentStatus } from '../../api/contracts';
import { useAnswer, useChange } from '../../api/queries';
import { useMay, whoMay } from '../../session/session';
import { useConfirm } from '../../show/confirm';
import { GuardedButton } from '../../show/GuardedButton';
import { notifyDone, notifyProblem } from '../../show/notify';
import { ProblemAlert } from '../../show/ProblemAlert';
import { nameOf } from './NewDeployment';

const outdated = ['getDeployment', 'listDeployments', 'listLifecycle', 'listModels', 'getModel'] as const;

/** What can be done with a deployment that runs. */
export function DeploymentActions({ deployment }: { deployment: DeploymentStatus }) {
  const may = useMay();
  const confirm = useConfirm();
  const [search, setSearch] = useSearchParams();
  const wanted = search.get('swap');
  const [opened, setOpened] = useState<'swap' | 'try' | null>(wanted && may('changeDeployment') ? 'swap' : null);
  const rollBack = useChange('rollBackDeployment', outdated);
  const stop = useChange('deleteDeployment', outdated);
  const path = { id: deployment.id };

  function close() {
    setOpened(null);
    if (wanted)
      setSearch({}, { replace: true });
  }

  async function goBack() {
    if (!await confirm({ title: 'Roll back to the model before?', text: `${deployment.previousModel} takes over from ${deployment.model} between two records. No record is lost.`, action: 'Roll back' }))
      return;
    try {
      const now = await rollBack.mutateAsync({ path });
      notifyDone(`${now.model} answers again.`);
    } catch (error) {
      notifyProblem(error);
    }
  }

  async function end() {
    if (!await confirm({ title: 'End this deployment?', text: 'New records are no longer answered. Answers so far stay.', action: 'End deployment', isDangerous: true }))
      return;
    try {
      await stop.mutateAsync({ path });
      notifyDone('The deployment has ended.');
    } catch (error) {
      notifyProblem(error);
    }
  }

  return (
    <>
      <GuardedButton operation="changeDeployment" leftSection={<IconArrowsExchange size={16} />} onClick={() => setOpened('swap')}>Swap model…</GuardedButton>
      <GuardedButton operation="rollBackDeployment" variant="default" leftSection={<IconArrowBackUp size={16} />} disabled={!deployment.previousModel} loading={rollBack.isPending} onClick={() => void goBack()}>Roll back</GuardedButton>
      <Menu position="bottom-end" width={250}>
        <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={14} />}>More</Button></Menu.Target>
        <Menu.Dropdown>
          {!may('startShadow') && <Menu.Label>{whoMay('startShadow')}</Menu.Label>}
          <Menu.Item disabled={!may('startShadow') || Boolean(deployment.candidate)} leftSection={<IconFlask size={16} />} onClick={() => setOpened('try')}>Test a model as shadow or canary…</Menu.Item>
          <Menu.Divider />
          <Menu.Item disabled={!may('deleteDeployment')} color="red" leftSection={<IconPlayerStop size={16} />} onClick={() => void end()}>End this deployment</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {opened === 'swap' && <Swap deployment={deployment} begin={wanted} onClose={close} />}
      {opened === 'try' && <Trial deployment={deployment} onClose={close} />}
    </>
  );
}

function useOthers(deployment: DeploymentStatus) {
  const models = useAnswer('listModels', { query: { workflow: deployment.workflow, limit: 200 } });
  return (models.data ?? []).filter(m => m.stage !== 'archived' && m.id !== deployment.model).map(m => ({ value: m.id, label: nameOf(m) }));
}

function Swap({ deployment, begin, onClose }: { deployment: DeploymentStatus; /** The model that is proposed. */ begin: string | null; onClose: () => void }) {
  const others = useOthers(deployment);
  const [chosen, setModel] = useState(begin);
  const model = others.some(o => o.value === chosen) ? chosen : null;
  const change = useChange('changeDeployment', outdated);

  async function swap() {
    try {
      await change.mutateAsync({ path: { id: deployment.id }, body: { model: model! } });
      notifyDone(`${model} answers now.`);
      onClose();
    } catch {
      // The alert below says why.
    }
  }

  return (
    <Modal opened onClose={onClose} title="Swap the model" size="lg">
      <Stack gap="md">
        <Text size="sm">The new model is loaded and warmed beside the old one and takes over between two records. No record is lost, none is answered twice.</Text>
        <Select label="New model" placeholder={others.length === 0 ? 'There is no other model of this workflow' : 'Choose one'} disabled={others.length === 0} data={others} value={model} onChange={setModel} data-autofocus />
        {change.isError && <ProblemAlert error={change.error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button disabled={!model} loading={change.isPending} onClick={() => void swap()}>Swap</Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Trial({ deployment, onClose }: { deployment: DeploymentStatus; onClose: () => void }) {
  const others = useOthers(deployment);
  const [model, setModel] = useState<string | null>(null);
  const [kind, setKind] = useState('shadow');
  const [share, setShare] = useState(10);
  const shadow = useChange('startShadow', outdated);
  const canary = useChange('startCanary', outdated);
  const error = shadow.error ?? canary.error;

  async function begin() {
    try {
      await (kind === 'shadow' ? shadow.mutateAsync({ path: { id: deployment.id }, body: { model: model! } }) : canary.mutateAsync({ path: { id: deployment.id }, body: { model: model!, share: share / 100 } }));
      notifyDone('The trial has begun.');
      onClose();
    } catch {
      // The alert below says why.
    }
  }

  return (
    <Modal opened onClose={onClose} title="Test another model" size="lg">
      <Stack gap="md">
        <SegmentedControl aria-label="Kind of trial" value={kind} onChange={setKind} data={[{ value: 'shadow', label: 'Shadow: silently' }, { value: 'canary', label: 'Canary: a share of records' }]} />
        <Text size="sm" c="dimmed">{kind === 'shadow' ? 'It answers every record as well. Its answers are stored and compared, and never published.' : 'It answers some records instead of the production model, and its answers are published. When it fails, production answers.'}</Text>
        <Select label="Model" placeholder={others.length === 0 ? 'There is no other model of this workflow' : 'Choose one'} disabled={others.length === 0} data={others} value={model} onChange={setModel} data-autofocus />
        {kind === 'canary' && <NumberInput label="Share of the records" suffix=" %" min={1} max={100} allowDecimal={false} maw={160} value={share} onChange={v => setShare(typeof v === 'number' ? v : 10)} />}
        {error !== null && <ProblemAlert error={error} />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button disabled={!model} loading={shadow.isPending || canary.isPending} onClick={() => void begin()}>Begin the trial</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
