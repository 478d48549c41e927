import { Badge, Tooltip } from '@mantine/core';
import { IconShield, IconShieldCheck } from '@tabler/icons-react';

/** Whether somebody whom the node trusts vouches for a package, and what follows from that. */
export function SignatureBadge({ trusted }: { trusted: boolean }) {
  return trusted
    ? (
      <Tooltip label="Signed by a key that this node trusts, or installed by its host. It may predict inside the node's process.">
        <Badge color="green" tabIndex={0} leftSection={<IconShieldCheck size={12} aria-hidden="true" />}>trusted</Badge>
      </Tooltip>
    )
    : (
      <Tooltip label="Not signed by a key that this node trusts: it runs in processes of its own. Sign it with 'python -m mlops sign' and put the key's .pub file into the node's folder keys.">
        <Badge color="gray" tabIndex={0} leftSection={<IconShield size={12} aria-hidden="true" />}>not trusted</Badge>
      </Tooltip>
    );
}
