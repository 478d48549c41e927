import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { shortDigest } from './words';

/** A digest, shortened, to copy in full. */
export function Digest({ value, name }: { value: string; name: string }) {
  return (
    <>
      <Tooltip label={value}><span className="mlops-code" tabIndex={0}>{shortDigest(value)}</span></Tooltip>
      <CopyButton value={value}>
        {({ copied, copy }) => (
          <ActionIcon size="sm" ml={4} onClick={copy} aria-label={copied ? `${name} is copied` : `Copy ${name}`}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        )}
      </CopyButton>
    </>
  );
}
