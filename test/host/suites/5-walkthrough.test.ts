import * as vscode from 'vscode';
import { driver, hasDriver } from '../support/driver.ts';

suite('walkthrough', () => {
  test('opens with its steps', async function () {
    if (!hasDriver) this.skip();
    await vscode.commands.executeCommand('sightline.openWalkthrough');
    await driver.wait({ selector: '.gettingStartedContainer :text("See it live with the demo")' });
    await driver.screenshot('walkthrough');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
});
