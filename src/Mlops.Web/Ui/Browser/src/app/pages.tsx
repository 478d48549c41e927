import {
  IconBinaryTree, IconBolt, IconChartHistogram, IconCpu, IconDatabase, IconGauge, IconInbox, IconLock, IconPackage, type IconProps,
} from '@tabler/icons-react';
import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import type { OperationId } from '../api/contracts';

export interface PageEntry {
  /** Its path; also in pages.json, from which the node knows what to answer a deep link with. */
  path: string;
  name: string;
  group: string;
  icon: ComponentType<IconProps>;
  /** The operation that one must be allowed to see the page. */
  needs?: OperationId;
  page: LazyExoticComponent<ComponentType>;
}

/** All pages, in the order of the navigation. Each looks after the paths below its own. */
export const pages: readonly PageEntry[] = [
  { path: '/', name: 'Overview', group: '', icon: IconGauge, page: lazy(() => import('../pages/overview/OverviewPage')) },
  { path: '/assets', name: 'Assets', group: 'Plant', icon: IconCpu, page: lazy(() => import('../pages/assets/AssetsPage')) },
  { path: '/ingest', name: 'Ingest', group: 'Plant', icon: IconInbox, page: lazy(() => import('../pages/ingest/IngestPage')) },
  { path: '/data', name: 'Data', group: 'Plant', icon: IconDatabase, page: lazy(() => import('../pages/data/DataPage')) },
  { path: '/workflows', name: 'Workflows', group: 'Learning', icon: IconPackage, page: lazy(() => import('../pages/workflows/WorkflowsPage')) },
  { path: '/trainings', name: 'Trainings', group: 'Learning', icon: IconChartHistogram, page: lazy(() => import('../pages/trainings/TrainingsPage')) },
  { path: '/models', name: 'Models', group: 'Learning', icon: IconBinaryTree, page: lazy(() => import('../pages/models/ModelsPage')) },
  { path: '/deployments', name: 'Deployments', group: 'Learning', icon: IconBolt, page: lazy(() => import('../pages/deployments/DeploymentsPage')) },
  { path: '/access', name: 'Access', group: 'Node', icon: IconLock, needs: 'listUsers', page: lazy(() => import('../pages/access/AccessPage')) },
];
