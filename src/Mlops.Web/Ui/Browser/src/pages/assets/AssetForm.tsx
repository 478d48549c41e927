import { Alert, Group, List, Stack, Switch, Text } from '@mantine/core';
import { IconPlugConnected } from '@tabler/icons-react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { call } from '../../api/call';
import type { ConnectionTestAnswer, DriverDetails } from '../../api/contracts';
import { problemOf } from '../../api/problem';
import { isCancelled } from '../../api/upload';
import { findingsByPath, problemsOf, type Schema, type Settings } from '../../show/form/schema';
import { SchemaForm, settingsOf } from '../../show/form/SchemaForm';
import { GuardedButton } from '../../show/GuardedButton';
import { count, duration } from '../../show/numbers';
import { ProblemAlert } from '../../show/ProblemAlert';
import { RunProgress } from '../../show/RunProgress';
import { useMay } from '../../session/session';

export interface AssetFormProps {
  driver: DriverDetails;
  /** Under which id the connection is tried. */
  id: string;
  value: Settings;
  onChange: (value: Settings) => void;
  mirror: boolean;
  onMirror: (mirror: boolean) => void;
  saveText: string;
  onSave: (settings: Settings) => Promise<void>;
}

/** The settings of an asset, with a test of the connection. */
export function AssetForm({ driver, id, value, onChange, mirror, onMirror, saveText, onSave }: AssetFormProps) {
  const may = useMay()('putAsset');
  const schema = driver.settings as Schema;
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map());
  const [error, setError] = useState<unknown>(null);
  const [isSaving, setSaving] = useState(false);
  const [trial, setTrial] = useState<AbortController | null>(null);
  const [answer, setAnswer] = useState<ConnectionTestAnswer | null>(null);
  const form = useRef<HTMLFormElement>(null);
  // Long forms have the field that needs another value far above the button.
  useEffect(() => {
    if (problems.size > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  }, [problems]);

  function check(): Settings | null {
    const settings = settingsOf(value, schema);
    const found = problemsOf(settings, schema);
    setProblems(found);
    setError(null);
    setAnswer(null);
    return found.size === 0 ? settings : null;
  }

  function refused(reason: unknown) {
    if (isCancelled(reason))
      return;
    const problem = problemOf(reason);
    setProblems(findingsByPath(problem.errors));
    setError(reason);
  }

  async function save(e: FormEvent) {
    e.preventDefault();
    const settings = check();
    if (!settings)
      return;
    setSaving(true);
    try {
      await onSave(settings);
    } catch (reason) {
      refused(reason);
    } finally {
      setSaving(false);
    }
  }

  async function test() {
    const settings = check();
    if (!settings)
      return;
    const controller = new AbortController();
    setTrial(controller);
    try {
      setAnswer(await call('testAsset', { path: { id: id || 'test' }, body: { kind: driver.kind, settings }, signal: controller.signal }));
    } catch (reason) {
      refused(reason);
    } finally {
      setTrial(null);
    }
  }

  return (
    <form ref={form} onSubmit={e => void save(e)} noValidate>
      <Stack gap="md">
        <SchemaForm schema={schema} value={value} onChange={onChange} problems={problems} disabled={!may} />
        <Switch label="Publish its feeds on MQTT as well" checked={mirror} disabled={!may} onChange={e => onMirror(e.currentTarget.checked)} />
        {problems.size > 0 && error === null && <Text size="sm" role="alert" c="var(--mlops-bad)">{problems.size === 1 ? 'One setting needs' : `${problems.size} settings need`} another value; see above.</Text>}
        {error !== null && <ProblemAlert error={error} />}
        {trial && <RunProgress label="Testing the connection" share={null} text="Connecting, and reading for a moment …" onCancel={() => trial.abort()} />}
        {answer && <TestResult answer={answer} />}
        <Group gap="xs">
          <GuardedButton operation="putAsset" type="submit" loading={isSaving}>{saveText}</GuardedButton>
          <GuardedButton operation="testAsset" type="button" variant="default" leftSection={<IconPlugConnected size={16} />} disabled={trial !== null} onClick={() => void test()}>Test connection</GuardedButton>
        </Group>
      </Stack>
    </form>
  );
}

function TestResult({ answer }: { answer: ConnectionTestAnswer }) {
  const feeds = Object.entries(answer.feeds);
  return (
    <Alert role="status" color={answer.reached ? 'green' : 'red'} title={answer.reached ? `Reached in ${duration(answer.seconds)}` : 'Not reached'}>
      {answer.reason && <Text size="sm" className="mlops-wrap">{answer.reason}</Text>}
      {answer.reached && <Text size="sm">{answer.records > 0 ? `${count(answer.records)} records were read and not stored.` : 'No record came in this short time.'}</Text>}
      {feeds.length > 0 && (
        <List size="sm" mt={4}>
          {feeds.map(([name, fields]) => <List.Item key={name}><b>{name}</b>: {fields.map(f => f.unit ? `${f.name} (${f.unit})` : f.name).join(', ') || 'no fields'}</List.Item>)}
        </List>
      )}
    </Alert>
  );
}
