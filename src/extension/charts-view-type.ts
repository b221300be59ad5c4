/** The type of the Charts panel: in the manifest, in menus and for restoring. */
export const CHARTS_VIEW_TYPE = 'sightline.charts';
