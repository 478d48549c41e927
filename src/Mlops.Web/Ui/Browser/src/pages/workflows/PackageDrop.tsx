import { Button, FileButton, Group, Paper, Progress, Stack, Text } from '@mantine/core';
import { IconPackageImport } from '@tabler/icons-react';
import { useRef, useState, type DragEvent } from 'react';
import { useLocation } from 'wouter';
import type { WorkflowCheck } from '../../api/contracts';
import { useRefresh } from '../../api/queries';
import { isCancelled, upload } from '../../api/upload';
import { Notice } from '../../show/Notice';
import { ProblemAlert } from '../../show/ProblemAlert';
import { CheckResult } from './CheckResult';
import classes from './PackageDrop.module.css';

type Stage =
  | { name: 'idle' }
  | { name: 'checking' | 'installing'; file: File; share: number }
  | { name: 'checked'; file: File; check: WorkflowCheck }
  | { name: 'failed'; file: File; error: unknown };

const zip = 'application/zip';

/** Takes a package by drag and drop or from a dialog, shows what the node finds in it, and installs it. */
export function PackageDrop() {
  const [stage, setStage] = useState<Stage>({ name: 'idle' });
  const [isOver, setOver] = useState(false);
  const cancel = useRef<AbortController | null>(null);
  const reset = useRef<() => void>(null);
  const refresh = useRefresh();
  const [, navigate] = useLocation();

  async function send<T>(name: 'checking' | 'installing', file: File, act: (signal: AbortSignal, tell: (share: number) => void) => Promise<T>): Promise<T | null> {
    const controller = new AbortController();
    cancel.current = controller;
    setStage({ name, file, share: 0 });
    try {
      return await act(controller.signal, share => setStage({ name, file, share }));
    } catch (error) {
      setStage(isCancelled(error) ? { name: 'idle' } : { name: 'failed', file, error });
      return null;
    } finally {
      reset.current?.();
    }
  }

  async function check(file: File | null | undefined) {
    if (!file)
      return;
    const found = await send('checking', file, (signal, onProgress) => upload('checkWorkflow', { file, type: zip, signal, onProgress }));
    if (found)
      setStage({ name: 'checked', file, check: found });
  }

  async function install(file: File) {
    const installed = await send('installing', file, (signal, onProgress) => upload('uploadWorkflow', { file, type: zip, signal, onProgress }));
    if (!installed)
      return;
    await refresh('listWorkflows', 'getWorkflow');
    navigate(`/workflows/${encodeURIComponent(installed.name)}?version=${encodeURIComponent(installed.version)}`);
  }

  function drop(e: DragEvent) {
    e.preventDefault();
    setOver(false);
    void check(e.dataTransfer.files[0]);
  }

  const isBusy = stage.name === 'checking' || stage.name === 'installing';
  return (
    <Stack gap={0}>
      <Paper
        className={classes.zone}
        data-over={isOver || undefined}
        role="region"
        aria-label="Upload a workflow package"
        onDragOver={e => { e.preventDefault(); setOver(true); }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Group gap="md" wrap="nowrap">
          <IconPackageImport size={36} stroke={1.4} className={classes.icon} aria-hidden="true" />
          <div>
            <Text fw={600}>Drop a workflow package here</Text>
            <Text size="sm" c="dimmed">A zip with workflow.yaml and workflow.py. It is checked first; nothing of it runs until you install it.</Text>
          </div>
        </Group>
        <FileButton onChange={file => void check(file)} accept=".zip,application/zip" resetRef={reset} disabled={isBusy}>
          {props => <Button {...props} variant="default">Choose a file…</Button>}
        </FileButton>
      </Paper>
      <div aria-live="polite" className={classes.result}>
        {isBusy && (
          <Group wrap="nowrap">
            <div className={classes.progress}>
              <Text size="sm">{stage.share < 1 ? `Sending ${stage.file.name}` : stage.name === 'checking' ? 'Checking the package' : 'Installing'}…</Text>
              <Progress value={stage.share < 1 ? stage.share * 100 : 100} animated={stage.share >= 1} aria-label="Progress of the upload" />
            </div>
            <Button variant="default" size="xs" onClick={() => cancel.current?.abort()}>Cancel</Button>
          </Group>
        )}
        {stage.name === 'failed' && <ProblemAlert error={stage.error} onRetry={() => void check(stage.file)} />}
        {stage.name === 'checked' && stage.check.valid && (
          <Notice tone="good" title={`${stage.check.name} ${stage.check.version} is valid`}>
            <Group justify="space-between">
              <Text size="sm">{stage.file.name} passed every check. Install it to train with it; models in use stay as they are.</Text>
              <Group gap="xs">
                <Button variant="default" size="xs" onClick={() => setStage({ name: 'idle' })}>Discard</Button>
                <Button size="xs" onClick={() => void install(stage.file)}>Install</Button>
              </Group>
            </Group>
          </Notice>
        )}
        {stage.name === 'checked' && !stage.check.valid && <CheckResult file={stage.file.name} check={stage.check} onClose={() => setStage({ name: 'idle' })} />}
      </div>
    </Stack>
  );
}
