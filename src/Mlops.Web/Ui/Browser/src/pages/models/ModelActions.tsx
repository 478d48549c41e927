import { Button, Menu } from '@mantine/core';
import { IconArchive, IconBolt, IconChevronDown, IconDownload, IconFlask, IconRosetteDiscountCheck, IconTrash } from '@tabler/icons-react';
import { useLocation } from 'wouter';
import { addressOf } from '../../api/address';
import type { ModelDetails } from '../../api/contracts';
import { useChange } from '../../api/queries';
import { useMay, whoMay } from '../../session/session';
import { useConfirm } from '../../show/confirm';
import { GuardedButton } from '../../show/GuardedButton';
import { notifyDone, notifyProblem } from '../../show/notify';
import { stageText } from './stages';

/** What can be done with a model. */
export function ModelActions({ model }: { model: ModelDetails }) {
  const may = useMay();
  const confirm = useConfirm();
  const [, navigate] = useLocation();
  const stage = useChange('setModelStage', ['getModel', 'listModels', 'listLifecycle']);
  const remove = useChange('deleteModel', ['listModels']);

  async function move(next: string) {
    if (next === 'archived' && !await confirm({ title: 'Archive this model?', text: 'It is kept for the record and can no longer be deployed. A model that a deployment uses, tries or can go back to cannot be archived.', action: 'Archive model' }))
      return;
    try {
      await stage.mutateAsync({ path: { id: model.id }, body: { stage: next } });
      notifyDone(`The model is now: ${stageText(next)}.`);
    } catch (error) {
      notifyProblem(error);
    }
  }

  async function ask() {
    if (!await confirm({ title: 'Delete this model?', text: 'Its files are removed for good. A model that a deployment uses, tries or can go back to cannot be deleted, nor one in the stage production.', action: 'Delete model', isDangerous: true }))
      return;
    try {
      await remove.mutateAsync({ path: { id: model.id } });
      notifyDone(`Model ${model.id} is deleted.`);
      navigate('/models');
    } catch (error) {
      notifyProblem(error);
    }
  }

  const maySet = may('setModelStage');
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={14} />} loading={stage.isPending || remove.isPending}>More</Button></Menu.Target>
        <Menu.Dropdown>
          {!maySet && <Menu.Label>{whoMay('setModelStage')}</Menu.Label>}
          <Menu.Item disabled={!maySet || model.stage === 'production'} leftSection={<IconRosetteDiscountCheck size={16} />} onClick={() => void move('production')}>Promote to production</Menu.Item>
          <Menu.Item disabled={!maySet || model.stage === 'candidate'} leftSection={<IconFlask size={16} />} onClick={() => void move('candidate')}>Mark as candidate</Menu.Item>
          {model.stage === 'archived'
            ? <Menu.Item disabled={!maySet} leftSection={<IconArchive size={16} />} onClick={() => void move('none')}>Take out of the archive</Menu.Item>
            : <Menu.Item disabled={!maySet} leftSection={<IconArchive size={16} />} onClick={() => void move('archived')}>Archive</Menu.Item>}
          {may('exportModel') && <Menu.Item component="a" href={addressOf('exportModel', { id: model.id })} download={`${model.id}.zip`} leftSection={<IconDownload size={16} />}>Export as a signed file</Menu.Item>}
          <Menu.Divider />
          <Menu.Item disabled={!may('deleteModel')} color="red" leftSection={<IconTrash size={16} />} onClick={() => void ask()}>Delete</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <GuardedButton operation="startDeployment" leftSection={<IconBolt size={16} />} disabled={model.stage === 'archived'} onClick={() => navigate(`/deployments/new?model=${model.id}`)}>Deploy</GuardedButton>
    </>
  );
}
