import { describe, expect, it } from 'vitest';

import { commandOperations } from '../../src/api/pool/command-operations.js';
import { at, objectsIn, template, textOf, valuesOf } from './template.js';

const all = template();
const statements = at(
  all,
  ...['Resources', 'TaskRole', 'Properties', 'Policies', 0, 'PolicyDocument', 'Statement'],
);

/** What needs an option or a column that the template's command does not have. */
const notGiven = /^--(create-groups|password-mode)/;
const cognitoActions = [
  ...new Set(
    commandOperations.sync
      .filter(({ when = '' }) => !notGiven.test(when))
      .map(({ operation }) => `cognito-idp:${operation}`),
  ),
];
const otherActions = [
  ...['elasticfilesystem:ClientMount', 'elasticfilesystem:ClientWrite'],
  ...['s3:GetObject', 's3:ListBucket'],
];

/** The statements of a policy, those under a condition with it. */
function actionsOf(value: typeof statements): Map<string, { resource: string; only: string }> {
  const actions = new Map<string, { resource: string; only: string }>();
  for (const one of value as readonly (typeof statements)[]) {
    const choice = valuesOf(one)['Fn::If'];
    const { Action, Resource } = valuesOf(choice === undefined ? one : at(choice, 1));
    for (const action of [Action].flat(1) as string[]) {
      actions.set(action, {
        resource: JSON.stringify(Resource),
        only: choice === undefined ? '' : textOf(at(choice, 0)),
      });
    }
  }
  return actions;
}

describe('the CloudFormation template', () => {
  it('refers only to what it holds', () => {
    const known = new Set([
      ...Object.keys(valuesOf(at(all, 'Parameters'))),
      ...Object.keys(valuesOf(at(all, 'Resources'))),
      ...['Partition', 'Region', 'AccountId', 'StackName', 'NoValue'].map((one) => `AWS::${one}`),
    ]);
    const used: string[] = [];
    for (const one of objectsIn(all)) {
      const { Ref, 'Fn::Sub': sub, 'Fn::GetAtt': attribute, DependsOn } = one;
      if (typeof Ref === 'string') used.push(Ref);
      if (typeof attribute === 'string') used.push(attribute.replace(/\..*/, ''));
      if (typeof sub === 'string') {
        used.push(...[...sub.matchAll(/\$\{([^}]+)\}/g)].map(([, name = '']) => name));
      }
      if (Array.isArray(DependsOn)) used.push(...(DependsOn as string[]));
    }
    expect(used.length).toBeGreaterThan(50);
    expect(used.filter((name) => !known.has(name))).toEqual([]);
    const conditions = Object.keys(valuesOf(at(all, 'Conditions')));
    expect([...actionsOf(statements).values()].map(({ only }) => only)).toEqual(
      expect.arrayContaining(conditions),
    );
  });

  it('lets the task call what a sync calls, on this pool and this file, and nothing else', () => {
    const actions = actionsOf(statements);
    expect([...actions.keys()].sort()).toEqual([...cognitoActions, ...otherActions].sort());
    for (const [action, { resource, only }] of actions) {
      if (action === 'cognito-idp:GetProvisionedLimit') expect(resource).toBe('"*"');
      else expect(resource, action).not.toMatch(/\*/);
      if (action.startsWith('cognito-idp:') && resource !== '"*"') {
        expect(resource, action).toMatch(/:userpool\/\$\{UserPoolId\}"\}$/);
      }
      expect([action, only]).toEqual([
        action,
        action === 'cognito-idp:AdminDeleteUser' ? 'MayDelete' : '',
      ]);
    }
    expect(at(all, 'Conditions', 'MayDelete')).toEqual({
      'Fn::Equals': [{ Ref: 'Missing' }, 'delete'],
    });
  });

  it('runs the image as it is made: by its user, with only its volumes to write to', () => {
    const container = at(all, 'Resources', 'Task', 'Properties', 'ContainerDefinitions', 0);
    expect(at(container, 'ReadonlyRootFilesystem')).toBe(true);
    const mounts = at(container, 'MountPoints') as (typeof statements)[];
    expect(mounts.map((mount) => at(mount, 'ContainerPath'))).toEqual(['/reports', '/tmp']);
    const owner = at(all, 'Resources', 'ReportsFolder', 'Properties', 'PosixUser');
    expect(owner).toEqual({ Uid: '1000', Gid: '1000' });
  });

  it('tells of every end but a good one', () => {
    const detail = at(all, 'Resources', 'BadEnd', 'Properties', 'EventPattern', 'detail');
    expect(at(detail, '$or')).toEqual([
      { containers: { exitCode: [{ 'anything-but': [0] }] } },
      { stopCode: ['TaskFailedToStart'] },
    ]);
  });
});
