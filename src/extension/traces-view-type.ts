/** The type of Traces panels, as package.json and VS Code's restored tabs name it. */
export const TRACES_VIEW_TYPE = 'sightline.traces';
