import type { Role } from '../../api/contracts';
import { roleNames } from '../../session/session';

const what: Record<Role, string> = {
  viewer: 'sees everything but users, tokens and audit',
  operator: 'sees, and changes assets, mappings, labels and deployments',
  dataScientist: 'sees, and changes workflows, trainings, models and deployments',
  admin: 'may do everything',
};

/** The roles to choose from, each with what it may do. */
export const roleChoices = (Object.keys(roleNames) as Role[]).map(role => ({ value: role, label: `${roleNames[role]}: ${what[role]}` }));

export function roleText(role: string): string {
  return roleNames[role as Role] ?? role;
}
