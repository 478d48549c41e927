import { Badge, Button, Code, Group, Stack, Text } from '@mantine/core';
import type { PackageFinding, WorkflowCheck } from '../../api/contracts';
import { Notice } from '../../show/Notice';
import classes from './CheckResult.module.css';

interface Props {
  file: string;
  check: WorkflowCheck;
  onClose: () => void;
}

/** What is wrong with a package, file by file, each with what helps. */
export function CheckResult({ file, check, onClose }: Props) {
  const problems = check.problems ?? [];
  const findings = check.findings ?? [];
  const count = Math.max(problems.length, findings.length);
  return (
    <Notice tone="warn" title={`${file} cannot be installed: ${count === 1 ? 'one problem' : `${count} problems`}`}>
      <Stack gap="sm">
        {problems.length > 0
          ? <ul className={classes.list}>{problems.map((p, i) => <Finding key={i} zip={file} finding={p} />)}</ul>
          : <ul className={classes.list}>{findings.map((f, i) => <li key={i}><Text size="sm">{f}</Text></li>)}</ul>}
        <Group justify="space-between">
          <Text size="sm">Correct this, zip the files again (or <Code>python -m mlops pack FOLDER</Code>), and drop the new file here.</Text>
          <Button variant="default" size="xs" onClick={onClose}>Close</Button>
        </Group>
      </Stack>
    </Notice>
  );
}

function Finding({ zip, finding }: { zip: string; finding: PackageFinding }) {
  return (
    <li>
      <Group gap="xs">
        <Code>{finding.file === '.' ? zip : finding.file}{typeof finding.line === 'number' ? ` line ${finding.line}` : ''}</Code>
        <Badge variant="outline" color="gray" size="sm" tt="none">{finding.rule}</Badge>
      </Group>
      <Text size="sm" mt={4}>{finding.problem}</Text>
      <Text size="sm" fw={600}>{finding.remedy}</Text>
    </li>
  );
}
