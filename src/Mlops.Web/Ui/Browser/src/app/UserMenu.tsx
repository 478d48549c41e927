import { ActionIcon, Menu } from '@mantine/core';
import { IconApi, IconKey, IconLogout, IconUser } from '@tabler/icons-react';
import { useState } from 'react';
import { place } from '../api/place';
import { notifyProblem } from '../show/notify';
import { zone } from '../show/times';
import { ChangePassword } from '../session/ChangePassword';
import { roleNames, useSession } from '../session/session';

export function UserMenu() {
  const { details, role, signOut } = useSession();
  const [isChanging, setChanging] = useState(false);
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <ActionIcon size="lg" aria-label={`Signed in as ${details.user}`}><IconUser size={18} stroke={1.7} /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{details.user === 'local' ? 'This machine, without sign-in' : details.user} · {role && roleNames[role]}</Menu.Label>
          <Menu.Label>Times are in {zone()}</Menu.Label>
          <Menu.Divider />
          <Menu.Item component="a" href={`${place}/openapi/v1.json`} target="_blank" leftSection={<IconApi size={16} />}>REST API description</Menu.Item>
          {details.csrf && <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setChanging(true)}>Change your password…</Menu.Item>}
          {details.csrf && <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut().catch(notifyProblem)}>Sign out</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      {isChanging && <ChangePassword onClose={() => setChanging(false)} />}
    </>
  );
}
