import { Button, Group, Stack } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { ProblemAlert } from './ProblemAlert';

interface Props {
  /** Another value tries again, for example the path. */
  resetKey: string;
  children: ReactNode;
}

/** Keeps a part that fails from taking the rest of the page with it. */
export class ErrorBoundary extends Component<Props, { error: unknown; key: string }> {
  override state = { error: null as unknown, key: this.props.resetKey };

  static getDerivedStateFromError(error: unknown) {
    return { error };
  }

  static getDerivedStateFromProps(props: Props, state: { error: unknown; key: string }) {
    return props.resetKey === state.key ? null : { error: null, key: props.resetKey };
  }

  override render() {
    if (this.state.error === null)
      return this.props.children;
    return (
      <Stack gap="md">
        <ProblemAlert error={this.state.error} />
        <Group>
          <Button variant="default" onClick={() => this.setState({ error: null })}>Try again</Button>
          <Button variant="default" onClick={() => window.location.reload()}>Load the page again</Button>
        </Group>
      </Stack>
    );
  }
}
