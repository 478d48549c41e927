import { NavLink, ScrollArea, Text } from '@mantine/core';
import { Link } from 'wouter';
import { useMay } from '../session/session';
import { pages } from './pages';

/** The pages that the caller may see, in groups. */
export function Navigation({ path, onChoose }: { path: string; onChoose: () => void }) {
  const may = useMay();
  const groups = [...new Set(pages.map(p => p.group))];
  return (
    <ScrollArea flex={1}>
      {groups.map(group => {
        const entries = pages.filter(p => p.group === group && (!p.needs || may(p.needs)));
        return entries.length > 0 && (
          <div key={group}>
            {group && <Text size="xs" c="dimmed" fw={600} px={10} pt="sm" pb={4}>{group}</Text>}
            {entries.map(({ path: root, name, icon: Icon }) => {
              const isHere = root === '/' ? path === '/' : path === root || path.startsWith(`${root}/`);
              return (
                <NavLink key={root} component={Link} href={root} onClick={onChoose} label={name} active={isHere} aria-current={isHere ? 'page' : undefined}
                  className="mlops-nav" leftSection={<Icon size={17} stroke={1.7} aria-hidden="true" />} />
              );
            })}
          </div>
        );
      })}
    </ScrollArea>
  );
}
