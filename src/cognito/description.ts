/**
 * A user pool as its administrator configured it: the file that the `pool` command saves and that
 * `--schema` and `local --schema` take. Members keep the names that DescribeUserPool,
 * DescribeUserPoolClient and ListGroups use, so the output of the AWS CLI reads as well.
 */
export interface PoolDescription {
  readonly UserPool: UserPoolSettings;
  /** Absent where the groups were not read. */
  readonly Groups?: readonly GroupSettings[];
  readonly UserPoolClients?: readonly UserPoolClientSettings[];
  /** Requests a second by quota category, as GetProvisionedLimit gave them. */
  readonly Limits?: Readonly<Record<string, number>>;
}

/** The members of DescribeUserPool's `UserPool` that decide what a user may look like. */
export interface UserPoolSettings {
  readonly Id: string;
  readonly Name?: string;
  readonly SchemaAttributes?: readonly SchemaAttribute[];
  readonly Policies?: {
    readonly PasswordPolicy?: PasswordPolicy;
    readonly SignInPolicy?: { readonly AllowedFirstAuthFactors?: readonly string[] };
  };
  readonly UsernameAttributes?: readonly string[];
  readonly AliasAttributes?: readonly string[];
  readonly UsernameConfiguration?: { readonly CaseSensitive?: boolean };
  readonly AutoVerifiedAttributes?: readonly string[];
  readonly MfaConfiguration?: 'OFF' | 'ON' | 'OPTIONAL';
  readonly EmailConfiguration?: {
    readonly EmailSendingAccount?: 'COGNITO_DEFAULT' | 'DEVELOPER';
    readonly From?: string;
  };
  readonly SmsConfigurationFailure?: string;
  readonly EmailConfigurationFailure?: string;
  readonly UserAttributeUpdateSettings?: {
    readonly AttributesRequireVerificationBeforeUpdate?: readonly string[];
  };
  readonly UserPoolTier?: 'LITE' | 'ESSENTIALS' | 'PLUS';
  readonly EstimatedNumberOfUsers?: number;
  readonly LambdaConfig?: Readonly<Record<string, unknown>>;
}

/** DescribeUserPool gives the bounds as decimal strings. */
export interface SchemaAttribute {
  readonly Name: string;
  readonly AttributeDataType?: 'String' | 'Number' | 'DateTime' | 'Boolean';
  readonly Mutable?: boolean;
  readonly Required?: boolean;
  readonly DeveloperOnlyAttribute?: boolean;
  readonly StringAttributeConstraints?: {
    readonly MinLength?: string;
    readonly MaxLength?: string;
  };
  readonly NumberAttributeConstraints?: {
    readonly MinValue?: string;
    readonly MaxValue?: string;
  };
}

export interface PasswordPolicy {
  readonly MinimumLength?: number;
  readonly RequireUppercase?: boolean;
  readonly RequireLowercase?: boolean;
  readonly RequireNumbers?: boolean;
  readonly RequireSymbols?: boolean;
  readonly PasswordHistorySize?: number;
  readonly TemporaryPasswordValidityDays?: number;
}

export interface GroupSettings {
  readonly GroupName: string;
  readonly Description?: string;
  readonly Precedence?: number;
}

/** The members of DescribeUserPoolClient's `UserPoolClient` that matter here; never its secret. */
export interface UserPoolClientSettings {
  readonly ClientId: string;
  readonly ClientName?: string;
  readonly ExplicitAuthFlows?: readonly string[];
  readonly PreventUserExistenceErrors?: 'ENABLED' | 'LEGACY';
  readonly ReadAttributes?: readonly string[];
  readonly WriteAttributes?: readonly string[];
  readonly AuthSessionValidity?: number;
  /** Whether the client has a secret, which itself is never saved. */
  readonly HasSecret?: boolean;
}
