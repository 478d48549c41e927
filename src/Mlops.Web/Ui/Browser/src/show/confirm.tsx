import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { createContext, use, useCallback, useState, type ReactNode } from 'react';

export interface Question {
  title: string;
  /** What will happen. */
  text: ReactNode;
  /** What the button says: the deed, for example "Delete asset". */
  action: string;
  isDangerous?: boolean;
}

const ConfirmContext = createContext<(question: Question) => Promise<boolean>>(() => Promise.resolve(false));

/** Returns a function that asks whether something shall be done. */
export function useConfirm(): (question: Question) => Promise<boolean> {
  return use(ConfirmContext);
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [asked, setAsked] = useState<{ question: Question; answer: (yes: boolean) => void } | null>(null);
  const [isOpen, setOpen] = useState(false);
  const confirm = useCallback((question: Question) => new Promise<boolean>(resolve => {
    setAsked({ question, answer: resolve });
    setOpen(true);
  }), []);
  function close(yes: boolean) {
    setOpen(false);
    asked?.answer(yes);
  }
  const question = asked?.question;
  return (
    <ConfirmContext value={confirm}>
      {children}
      <Modal opened={isOpen} onClose={() => close(false)} title={question?.title} size="md">
        <Stack gap="lg">
          <Text size="sm" component="div">{question?.text}</Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => close(false)} data-autofocus>Cancel</Button>
            <Button color={question?.isDangerous ? 'red' : undefined} onClick={() => close(true)}>{question?.action}</Button>
          </Group>
        </Stack>
      </Modal>
    </ConfirmContext>
  );
}
