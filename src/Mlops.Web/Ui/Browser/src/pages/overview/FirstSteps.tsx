import { Anchor, Group, Stack, Text, ThemeIcon } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import type { NodeStatus } from '../../api/contracts';
import { Panel } from '../../show/Panel';

export interface FirstStepsProps {
  node: NodeStatus;
  feeds: number;
  workflows: number;
  deployments: number;
}

/** What to do with a node that is new, until it predicts. */
export function FirstSteps({ node, feeds, workflows, deployments }: FirstStepsProps) {
  const steps: { isDone: boolean; title: string; text: ReactNode }[] = [
    {
      isDone: feeds > 0,
      title: 'Bring data in',
      text: <>Add a machine on <To href="/assets">Assets</To>{node.mqtt ? <>, publish JSON to the broker at <span className="mlops-code">{node.mqtt.host}:{node.mqtt.port}</span> and map it on <To href="/ingest">Ingest</To></> : null}, or import a file on <To href="/data">Data</To>.</>,
    },
    { isDone: workflows > 0, title: 'Upload a workflow', text: <>A zip of Python code that learns and predicts. Drop it on <To href="/workflows">Workflows</To>.</> },
    { isDone: deployments > 0, title: 'Train and deploy', text: <>Choose data and start on <To href="/trainings">Trainings</To>; the model that comes of it goes live from <To href="/models">Models</To>.</> },
  ];
  return (
    <Panel title="First steps">
      <Stack gap="sm" component="ol" className="mlops-list">
        {steps.map((step, i) => (
          <Group key={step.title} component="li" gap="sm" wrap="nowrap" align="flex-start">
            <ThemeIcon size={24} radius="xl" variant={step.isDone ? 'light' : 'outline'} color={step.isDone ? 'green' : 'steel'} aria-label={step.isDone ? 'Done' : `Step ${i + 1}`} role="img">
              {step.isDone ? <IconCheck size={14} /> : <Text size="xs" fw={600}>{i + 1}</Text>}
            </ThemeIcon>
            <div>
              <Text size="sm" fw={600}>{step.title}</Text>
              <Text size="sm" c="dimmed">{step.text}</Text>
            </div>
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}

function To({ href, children }: { href: string; children: ReactNode }) {
  return <Anchor component={Link} href={href} inherit underline="always">{children}</Anchor>;
}
