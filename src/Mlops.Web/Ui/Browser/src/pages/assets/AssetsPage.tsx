import { useRoute } from 'wouter';
import { AddAssetPage } from './AddAssetPage';
import { AssetList } from './AssetList';
import { AssetPage } from './AssetPage';

/** Machines, sensors and cameras that drivers connect. */
export default function AssetsPage() {
  const [isAdding] = useRoute('/assets/new');
  const [, one] = useRoute<{ id: string }>('/assets/:id');
  if (isAdding)
    return <AddAssetPage />;
  return one ? <AssetPage key={one.id} id={decodeURIComponent(one.id)} /> : <AssetList />;
}
