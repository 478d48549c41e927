import { FileButton, Modal, Stack } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { useRefresh } from '../../api/queries';
import { isCancelled, upload } from '../../api/upload';
import { GuardedButton } from '../../show/GuardedButton';
import { notifyDone } from '../../show/notify';
import { ProblemAlert } from '../../show/ProblemAlert';
import { RunProgress } from '../../show/RunProgress';

/** Brings a model that another node has exported. */
export function ImportModel() {
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const cancel = useRef<AbortController | null>(null);
  const reset = useRef<() => void>(null);
  const refresh = useRefresh();
  const [, navigate] = useLocation();

  async function bring(file: File | null) {
    if (!file)
      return;
    cancel.current = new AbortController();
    setSent(0);
    setError(null);
    try {
      const model = await upload('importModel', { file, type: 'application/zip', onProgress: setSent, signal: cancel.current.signal });
      await refresh('listModels', 'listWorkflows');
      notifyDone(`Model ${model.id} is here.`);
      navigate(`/models/${model.id}`);
    } catch (reason) {
      if (!isCancelled(reason))
        setError(reason);
    } finally {
      setSent(null);
      reset.current?.();
    }
  }

  return (
    <>
      <FileButton onChange={file => void bring(file)} accept=".zip,application/zip" resetRef={reset}>
        {props => <GuardedButton operation="importModel" variant="default" leftSection={<IconUpload size={16} />} {...props}>Import a model…</GuardedButton>}
      </FileButton>
      <Modal opened={sent !== null || error !== null} onClose={() => (sent === null ? setError(null) : cancel.current?.abort())} title="Import a model">
        <Stack gap="md">
          {sent !== null && <RunProgress label="Sending the model" share={sent < 1 ? sent : null} text={sent < 1 ? 'Sending the file' : 'The node checks signature and digests'} onCancel={() => cancel.current?.abort()} />}
          {error !== null && <ProblemAlert error={error} />}
        </Stack>
      </Modal>
    </>
  );
}
