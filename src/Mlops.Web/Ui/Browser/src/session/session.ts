import { createContext, use } from 'react';
import { operations, type OperationId, type Role, type SessionDetails } from '../api/contracts';

export const roleNames: Record<Role, string> = { viewer: 'viewer', operator: 'operator', dataScientist: 'data scientist', admin: 'administrator' };

export interface Session {
  details: SessionDetails;
  role: Role | null;
  signedIn: (details: SessionDetails) => void;
  signOut: () => Promise<void>;
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (!session)
    throw new Error('There is no session around this part of the page.');
  return session;
}

/** Whether a role may call an operation. */
export function mayCall(role: Role | null, id: OperationId): boolean {
  const allowed = operations[id].roles;
  return allowed.length === 0 || (role !== null && allowed.includes(role));
}

/** What to tell somebody who may not: "Needs the role operator or administrator." */
export function whoMay(id: OperationId): string {
  const names = operations[id].roles.map(role => roleNames[role]);
  return names.length < 2 ? `Needs the role ${names.join('')}.` : `Needs the role ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`;
}

/** Returns a test whether the caller may do something, for buttons. */
export function useMay(): (id: OperationId) => boolean {
  const { role } = useSession();
  return id => mayCall(role, id);
}
