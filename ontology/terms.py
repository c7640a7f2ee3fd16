"""The words of the graph as constants: a typo is an error in the editor.

Generated from the Turtle files by ``python -m ontology.make_terms``; do not edit. A class a vocabulary,
and a class a concept scheme; values are IRIs without angle brackets.
"""

from typing import Final


class ADMS:
    """Terms of http://www.w3.org/ns/adms#"""

    status: Final = "http://www.w3.org/ns/adms#status"


class BIBO:
    """Terms of http://purl.org/ontology/bibo/"""

    status: Final = "http://purl.org/ontology/bibo/status"


class DC:
    """Terms of http://purl.org/dc/elements/1.1/"""

    source: Final = "http://purl.org/dc/elements/1.1/source"


class DCTERMS:
    """Terms of http://purl.org/dc/terms/"""

    Standard: Final = "http://purl.org/dc/terms/Standard"
    abstract: Final = "http://purl.org/dc/terms/abstract"
    bibliographicCitation: Final = "http://purl.org/dc/terms/bibliographicCitation"
    conformsTo: Final = "http://purl.org/dc/terms/conformsTo"
    created: Final = "http://purl.org/dc/terms/created"
    creator: Final = "http://purl.org/dc/terms/creator"
    description: Final = "http://purl.org/dc/terms/description"
    identifier: Final = "http://purl.org/dc/terms/identifier"
    isReplacedBy: Final = "http://purl.org/dc/terms/isReplacedBy"
    issued: Final = "http://purl.org/dc/terms/issued"
    language: Final = "http://purl.org/dc/terms/language"
    license: Final = "http://purl.org/dc/terms/license"
    modified: Final = "http://purl.org/dc/terms/modified"
    publisher: Final = "http://purl.org/dc/terms/publisher"
    replaces: Final = "http://purl.org/dc/terms/replaces"
    rights: Final = "http://purl.org/dc/terms/rights"
    source: Final = "http://purl.org/dc/terms/source"
    spatial: Final = "http://purl.org/dc/terms/spatial"
    subject: Final = "http://purl.org/dc/terms/subject"
    title: Final = "http://purl.org/dc/terms/title"
    type: Final = "http://purl.org/dc/terms/type"


class FOAF:
    """Terms of http://xmlns.com/foaf/0.1/"""

    Document: Final = "http://xmlns.com/foaf/0.1/Document"
    Project: Final = "http://xmlns.com/foaf/0.1/Project"


class GEO:
    """Terms of http://www.w3.org/2003/01/geo/wgs84_pos#"""

    lat: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#lat"
    long: Final = "http://www.w3.org/2003/01/geo/wgs84_pos#long"


class MA:
    """Terms of https://w3id.org/medalliance/ontology#"""

    Acceptance: Final = "https://w3id.org/medalliance/ontology#Acceptance"
    Activity: Final = "https://w3id.org/medalliance/ontology#Activity"
    Agreement: Final = "https://w3id.org/medalliance/ontology#Agreement"
    AllianceMembership: Final = "https://w3id.org/medalliance/ontology#AllianceMembership"
    Breakdown: Final = "https://w3id.org/medalliance/ontology#Breakdown"
    Capability: Final = "https://w3id.org/medalliance/ontology#Capability"
    CapabilityRequirement: Final = "https://w3id.org/medalliance/ontology#CapabilityRequirement"
    CapacityReport: Final = "https://w3id.org/medalliance/ontology#CapacityReport"
    Claim: Final = "https://w3id.org/medalliance/ontology#Claim"
    ClinicalDepartment: Final = "https://w3id.org/medalliance/ontology#ClinicalDepartment"
    Confirmation: Final = "https://w3id.org/medalliance/ontology#Confirmation"
    Contact: Final = "https://w3id.org/medalliance/ontology#Contact"
    Cooperation: Final = "https://w3id.org/medalliance/ontology#Cooperation"
    Designation: Final = "https://w3id.org/medalliance/ontology#Designation"
    GB2260: Final = "https://w3id.org/medalliance/ontology#GB2260"
    GRID: Final = "https://w3id.org/medalliance/ontology#GRID"
    GradeAssignment: Final = "https://w3id.org/medalliance/ontology#GradeAssignment"
    Graph: Final = "https://w3id.org/medalliance/ontology#Graph"
    ISNI: Final = "https://w3id.org/medalliance/ontology#ISNI"
    Indicator: Final = "https://w3id.org/medalliance/ontology#Indicator"
    Licence: Final = "https://w3id.org/medalliance/ontology#Licence"
    Local: Final = "https://w3id.org/medalliance/ontology#Local"
    MedicalAlliance: Final = "https://w3id.org/medalliance/ontology#MedicalAlliance"
    NameVariant: Final = "https://w3id.org/medalliance/ontology#NameVariant"
    ParentAssignment: Final = "https://w3id.org/medalliance/ontology#ParentAssignment"
    PlaceAssignment: Final = "https://w3id.org/medalliance/ontology#PlaceAssignment"
    ProgrammeIntake: Final = "https://w3id.org/medalliance/ontology#ProgrammeIntake"
    Project: Final = "https://w3id.org/medalliance/ontology#Project"
    ROR: Final = "https://w3id.org/medalliance/ontology#ROR"
    ReferralArrangement: Final = "https://w3id.org/medalliance/ontology#ReferralArrangement"
    ServiceCoverage: Final = "https://w3id.org/medalliance/ontology#ServiceCoverage"
    SourceDocument: Final = "https://w3id.org/medalliance/ontology#SourceDocument"
    SourceSentence: Final = "https://w3id.org/medalliance/ontology#SourceSentence"
    Statistic: Final = "https://w3id.org/medalliance/ontology#Statistic"
    TrainingProgramme: Final = "https://w3id.org/medalliance/ontology#TrainingProgramme"
    USCC: Final = "https://w3id.org/medalliance/ontology#USCC"
    WardLevelAssignment: Final = "https://w3id.org/medalliance/ontology#WardLevelAssignment"
    Wikidata: Final = "https://w3id.org/medalliance/ontology#Wikidata"
    acceptance: Final = "https://w3id.org/medalliance/ontology#acceptance"
    accepts: Final = "https://w3id.org/medalliance/ontology#accepts"
    ageLimit: Final = "https://w3id.org/medalliance/ontology#ageLimit"
    annualCases: Final = "https://w3id.org/medalliance/ontology#annualCases"
    answer: Final = "https://w3id.org/medalliance/ontology#answer"
    answeredAs: Final = "https://w3id.org/medalliance/ontology#answeredAs"
    applicationProcedure: Final = "https://w3id.org/medalliance/ontology#applicationProcedure"
    appliesTo: Final = "https://w3id.org/medalliance/ontology#appliesTo"
    areaLevel: Final = "https://w3id.org/medalliance/ontology#areaLevel"
    asOf: Final = "https://w3id.org/medalliance/ontology#asOf"
    assignedGrade: Final = "https://w3id.org/medalliance/ontology#assignedGrade"
    assignedParent: Final = "https://w3id.org/medalliance/ontology#assignedParent"
    assignedPlace: Final = "https://w3id.org/medalliance/ontology#assignedPlace"
    assignedWardLevel: Final = "https://w3id.org/medalliance/ontology#assignedWardLevel"
    audience: Final = "https://w3id.org/medalliance/ontology#audience"
    authorityName: Final = "https://w3id.org/medalliance/ontology#authorityName"
    availability: Final = "https://w3id.org/medalliance/ontology#availability"
    baseDesignation: Final = "https://w3id.org/medalliance/ontology#baseDesignation"
    basis: Final = "https://w3id.org/medalliance/ontology#basis"
    borders: Final = "https://w3id.org/medalliance/ontology#borders"
    capacityOf: Final = "https://w3id.org/medalliance/ontology#capacityOf"
    claimedAbout: Final = "https://w3id.org/medalliance/ontology#claimedAbout"
    concernedProperty: Final = "https://w3id.org/medalliance/ontology#concernedProperty"
    concernedValue: Final = "https://w3id.org/medalliance/ontology#concernedValue"
    concerns: Final = "https://w3id.org/medalliance/ontology#concerns"
    contactFor: Final = "https://w3id.org/medalliance/ontology#contactFor"
    contactRole: Final = "https://w3id.org/medalliance/ontology#contactRole"
    creditClass: Final = "https://w3id.org/medalliance/ontology#creditClass"
    credits: Final = "https://w3id.org/medalliance/ontology#credits"
    crs: Final = "https://w3id.org/medalliance/ontology#crs"
    denominator: Final = "https://w3id.org/medalliance/ontology#denominator"
    disagreesWith: Final = "https://w3id.org/medalliance/ontology#disagreesWith"
    documentNumber: Final = "https://w3id.org/medalliance/ontology#documentNumber"
    durationMonths: Final = "https://w3id.org/medalliance/ontology#durationMonths"
    earliestClosing: Final = "https://w3id.org/medalliance/ontology#earliestClosing"
    earliestEnd: Final = "https://w3id.org/medalliance/ontology#earliestEnd"
    earliestOpening: Final = "https://w3id.org/medalliance/ontology#earliestOpening"
    earliestStart: Final = "https://w3id.org/medalliance/ontology#earliestStart"
    employerConsent: Final = "https://w3id.org/medalliance/ontology#employerConsent"
    employmentCondition: Final = "https://w3id.org/medalliance/ontology#employmentCondition"
    endStated: Final = "https://w3id.org/medalliance/ontology#endStated"
    exhaustive: Final = "https://w3id.org/medalliance/ontology#exhaustive"
    extent: Final = "https://w3id.org/medalliance/ontology#extent"
    fee: Final = "https://w3id.org/medalliance/ontology#fee"
    formerCode: Final = "https://w3id.org/medalliance/ontology#formerCode"
    freeBeds: Final = "https://w3id.org/medalliance/ontology#freeBeds"
    fromParty: Final = "https://w3id.org/medalliance/ontology#fromParty"
    funderName: Final = "https://w3id.org/medalliance/ontology#funderName"
    governs: Final = "https://w3id.org/medalliance/ontology#governs"
    grade: Final = "https://w3id.org/medalliance/ontology#grade"
    grantNumber: Final = "https://w3id.org/medalliance/ontology#grantNumber"
    graphKind: Final = "https://w3id.org/medalliance/ontology#graphKind"
    heldBy: Final = "https://w3id.org/medalliance/ontology#heldBy"
    holdsDesignation: Final = "https://w3id.org/medalliance/ontology#holdsDesignation"
    housing: Final = "https://w3id.org/medalliance/ontology#housing"
    illustrative: Final = "https://w3id.org/medalliance/ontology#illustrative"
    initiatedBy: Final = "https://w3id.org/medalliance/ontology#initiatedBy"
    intakeOf: Final = "https://w3id.org/medalliance/ontology#intakeOf"
    intakesPerYear: Final = "https://w3id.org/medalliance/ontology#intakesPerYear"
    kind: Final = "https://w3id.org/medalliance/ontology#kind"
    latestClosing: Final = "https://w3id.org/medalliance/ontology#latestClosing"
    latestEnd: Final = "https://w3id.org/medalliance/ontology#latestEnd"
    latestOpening: Final = "https://w3id.org/medalliance/ontology#latestOpening"
    latestStart: Final = "https://w3id.org/medalliance/ontology#latestStart"
    latitudeStated: Final = "https://w3id.org/medalliance/ontology#latitudeStated"
    ledBy: Final = "https://w3id.org/medalliance/ontology#ledBy"
    level: Final = "https://w3id.org/medalliance/ontology#level"
    longitudeStated: Final = "https://w3id.org/medalliance/ontology#longitudeStated"
    merged: Final = "https://w3id.org/medalliance/ontology#merged"
    monthlyStipend: Final = "https://w3id.org/medalliance/ontology#monthlyStipend"
    numerator: Final = "https://w3id.org/medalliance/ontology#numerator"
    ofDocument: Final = "https://w3id.org/medalliance/ontology#ofDocument"
    officeInCharge: Final = "https://w3id.org/medalliance/ontology#officeInCharge"
    officeLine: Final = "https://w3id.org/medalliance/ontology#officeLine"
    organizationType: Final = "https://w3id.org/medalliance/ontology#organizationType"
    participantCount: Final = "https://w3id.org/medalliance/ontology#participantCount"
    partner: Final = "https://w3id.org/medalliance/ontology#partner"
    periodEnd: Final = "https://w3id.org/medalliance/ontology#periodEnd"
    periodStart: Final = "https://w3id.org/medalliance/ontology#periodStart"
    periodStated: Final = "https://w3id.org/medalliance/ontology#periodStated"
    personalPhone: Final = "https://w3id.org/medalliance/ontology#personalPhone"
    plaqueOn: Final = "https://w3id.org/medalliance/ontology#plaqueOn"
    reach: Final = "https://w3id.org/medalliance/ontology#reach"
    refersFrom: Final = "https://w3id.org/medalliance/ontology#refersFrom"
    refersTo: Final = "https://w3id.org/medalliance/ontology#refersTo"
    remedy: Final = "https://w3id.org/medalliance/ontology#remedy"
    reportedAt: Final = "https://w3id.org/medalliance/ontology#reportedAt"
    requiredDegree: Final = "https://w3id.org/medalliance/ontology#requiredDegree"
    requiredDocuments: Final = "https://w3id.org/medalliance/ontology#requiredDocuments"
    requiredLicence: Final = "https://w3id.org/medalliance/ontology#requiredLicence"
    requiredMembership: Final = "https://w3id.org/medalliance/ontology#requiredMembership"
    requiredResidencyCertificate: Final = "https://w3id.org/medalliance/ontology#requiredResidencyCertificate"
    requiredScopeOfPractice: Final = "https://w3id.org/medalliance/ontology#requiredScopeOfPractice"
    requiredTitle: Final = "https://w3id.org/medalliance/ontology#requiredTitle"
    requiredYears: Final = "https://w3id.org/medalliance/ontology#requiredYears"
    responseMinutes: Final = "https://w3id.org/medalliance/ontology#responseMinutes"
    roadKilometres: Final = "https://w3id.org/medalliance/ontology#roadKilometres"
    rotationSite: Final = "https://w3id.org/medalliance/ontology#rotationSite"
    seat: Final = "https://w3id.org/medalliance/ontology#seat"
    senderConditions: Final = "https://w3id.org/medalliance/ontology#senderConditions"
    setsAside: Final = "https://w3id.org/medalliance/ontology#setsAside"
    signedOn: Final = "https://w3id.org/medalliance/ontology#signedOn"
    specialty: Final = "https://w3id.org/medalliance/ontology#specialty"
    startStated: Final = "https://w3id.org/medalliance/ontology#startStated"
    status: Final = "https://w3id.org/medalliance/ontology#status"
    supervisorCount: Final = "https://w3id.org/medalliance/ontology#supervisorCount"
    suppressed: Final = "https://w3id.org/medalliance/ontology#suppressed"
    technique: Final = "https://w3id.org/medalliance/ontology#technique"
    tier: Final = "https://w3id.org/medalliance/ontology#tier"
    toParty: Final = "https://w3id.org/medalliance/ontology#toParty"
    validFrom: Final = "https://w3id.org/medalliance/ontology#validFrom"
    validUntil: Final = "https://w3id.org/medalliance/ontology#validUntil"
    verifiedOn: Final = "https://w3id.org/medalliance/ontology#verifiedOn"
    visibility: Final = "https://w3id.org/medalliance/ontology#visibility"
    wardLevel: Final = "https://w3id.org/medalliance/ontology#wardLevel"
    whole: Final = "https://w3id.org/medalliance/ontology#whole"
    within: Final = "https://w3id.org/medalliance/ontology#within"
    year: Final = "https://w3id.org/medalliance/ontology#year"


class OA:
    """Terms of http://www.w3.org/ns/oa#"""

    SpecificResource: Final = "http://www.w3.org/ns/oa#SpecificResource"
    TextPositionSelector: Final = "http://www.w3.org/ns/oa#TextPositionSelector"
    end: Final = "http://www.w3.org/ns/oa#end"
    exact: Final = "http://www.w3.org/ns/oa#exact"
    hasSelector: Final = "http://www.w3.org/ns/oa#hasSelector"
    hasSource: Final = "http://www.w3.org/ns/oa#hasSource"
    start: Final = "http://www.w3.org/ns/oa#start"


class ORG:
    """Terms of http://www.w3.org/ns/org#"""

    FormalOrganization: Final = "http://www.w3.org/ns/org#FormalOrganization"
    Membership: Final = "http://www.w3.org/ns/org#Membership"
    Organization: Final = "http://www.w3.org/ns/org#Organization"
    OrganizationalCollaboration: Final = "http://www.w3.org/ns/org#OrganizationalCollaboration"
    OrganizationalUnit: Final = "http://www.w3.org/ns/org#OrganizationalUnit"
    Role: Final = "http://www.w3.org/ns/org#Role"
    classification: Final = "http://www.w3.org/ns/org#classification"
    hasSubOrganization: Final = "http://www.w3.org/ns/org#hasSubOrganization"
    hasUnit: Final = "http://www.w3.org/ns/org#hasUnit"
    identifier: Final = "http://www.w3.org/ns/org#identifier"
    member: Final = "http://www.w3.org/ns/org#member"
    memberOf: Final = "http://www.w3.org/ns/org#memberOf"
    organization: Final = "http://www.w3.org/ns/org#organization"
    role: Final = "http://www.w3.org/ns/org#role"
    subOrganizationOf: Final = "http://www.w3.org/ns/org#subOrganizationOf"
    unitOf: Final = "http://www.w3.org/ns/org#unitOf"


class OWL:
    """Terms of http://www.w3.org/2002/07/owl#"""

    AllDisjointClasses: Final = "http://www.w3.org/2002/07/owl#AllDisjointClasses"
    AnnotationProperty: Final = "http://www.w3.org/2002/07/owl#AnnotationProperty"
    Class: Final = "http://www.w3.org/2002/07/owl#Class"
    DatatypeProperty: Final = "http://www.w3.org/2002/07/owl#DatatypeProperty"
    FunctionalProperty: Final = "http://www.w3.org/2002/07/owl#FunctionalProperty"
    ObjectProperty: Final = "http://www.w3.org/2002/07/owl#ObjectProperty"
    Ontology: Final = "http://www.w3.org/2002/07/owl#Ontology"
    SymmetricProperty: Final = "http://www.w3.org/2002/07/owl#SymmetricProperty"
    TransitiveProperty: Final = "http://www.w3.org/2002/07/owl#TransitiveProperty"
    inverseOf: Final = "http://www.w3.org/2002/07/owl#inverseOf"
    members: Final = "http://www.w3.org/2002/07/owl#members"
    versionIRI: Final = "http://www.w3.org/2002/07/owl#versionIRI"
    versionInfo: Final = "http://www.w3.org/2002/07/owl#versionInfo"


class PROV:
    """Terms of http://www.w3.org/ns/prov#"""

    Entity: Final = "http://www.w3.org/ns/prov#Entity"
    generatedAtTime: Final = "http://www.w3.org/ns/prov#generatedAtTime"
    wasAttributedTo: Final = "http://www.w3.org/ns/prov#wasAttributedTo"
    wasDerivedFrom: Final = "http://www.w3.org/ns/prov#wasDerivedFrom"


class QUDT:
    """Terms of http://qudt.org/schema/qudt/"""

    Unit: Final = "http://qudt.org/schema/qudt/Unit"
    hasUnit: Final = "http://qudt.org/schema/qudt/hasUnit"


class RDF:
    """Terms of http://www.w3.org/1999/02/22-rdf-syntax-ns#"""

    Statement: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#Statement"
    first: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"
    langString: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
    nil: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#nil"
    object: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#object"
    predicate: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#predicate"
    rest: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
    subject: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#subject"
    type: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


class RDFS:
    """Terms of http://www.w3.org/2000/01/rdf-schema#"""

    Datatype: Final = "http://www.w3.org/2000/01/rdf-schema#Datatype"
    domain: Final = "http://www.w3.org/2000/01/rdf-schema#domain"
    isDefinedBy: Final = "http://www.w3.org/2000/01/rdf-schema#isDefinedBy"
    label: Final = "http://www.w3.org/2000/01/rdf-schema#label"
    range: Final = "http://www.w3.org/2000/01/rdf-schema#range"
    seeAlso: Final = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
    subClassOf: Final = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
    subPropertyOf: Final = "http://www.w3.org/2000/01/rdf-schema#subPropertyOf"


class SCHEMA:
    """Terms of https://schema.org/"""

    AdministrativeArea: Final = "https://schema.org/AdministrativeArea"
    Certification: Final = "https://schema.org/Certification"
    ContactPoint: Final = "https://schema.org/ContactPoint"
    CourseInstance: Final = "https://schema.org/CourseInstance"
    EducationalOccupationalProgram: Final = "https://schema.org/EducationalOccupationalProgram"
    Event: Final = "https://schema.org/Event"
    Hospital: Final = "https://schema.org/Hospital"
    OrganizationRole: Final = "https://schema.org/OrganizationRole"
    Place: Final = "https://schema.org/Place"
    ResearchProject: Final = "https://schema.org/ResearchProject"
    Service: Final = "https://schema.org/Service"
    about: Final = "https://schema.org/about"
    address: Final = "https://schema.org/address"
    applicationDeadline: Final = "https://schema.org/applicationDeadline"
    applicationStartDate: Final = "https://schema.org/applicationStartDate"
    areaServed: Final = "https://schema.org/areaServed"
    attendee: Final = "https://schema.org/attendee"
    containedInPlace: Final = "https://schema.org/containedInPlace"
    domainIncludes: Final = "https://schema.org/domainIncludes"
    educationalCredentialAwarded: Final = "https://schema.org/educationalCredentialAwarded"
    email: Final = "https://schema.org/email"
    founder: Final = "https://schema.org/founder"
    foundingDate: Final = "https://schema.org/foundingDate"
    hasCertification: Final = "https://schema.org/hasCertification"
    issuedBy: Final = "https://schema.org/issuedBy"
    location: Final = "https://schema.org/location"
    maximumEnrollment: Final = "https://schema.org/maximumEnrollment"
    name: Final = "https://schema.org/name"
    organizer: Final = "https://schema.org/organizer"
    position: Final = "https://schema.org/position"
    postalCode: Final = "https://schema.org/postalCode"
    programPrerequisites: Final = "https://schema.org/programPrerequisites"
    provider: Final = "https://schema.org/provider"
    startDate: Final = "https://schema.org/startDate"
    teaches: Final = "https://schema.org/teaches"
    telephone: Final = "https://schema.org/telephone"
    url: Final = "https://schema.org/url"
    validIn: Final = "https://schema.org/validIn"


class SH:
    """Terms of http://www.w3.org/ns/shacl#"""

    IRI: Final = "http://www.w3.org/ns/shacl#IRI"
    Info: Final = "http://www.w3.org/ns/shacl#Info"
    NodeShape: Final = "http://www.w3.org/ns/shacl#NodeShape"
    Warning: Final = "http://www.w3.org/ns/shacl#Warning"
    alternativePath: Final = "http://www.w3.org/ns/shacl#alternativePath"
    class_: Final = "http://www.w3.org/ns/shacl#class"
    datatype: Final = "http://www.w3.org/ns/shacl#datatype"
    declare: Final = "http://www.w3.org/ns/shacl#declare"
    disjoint: Final = "http://www.w3.org/ns/shacl#disjoint"
    flags: Final = "http://www.w3.org/ns/shacl#flags"
    hasValue: Final = "http://www.w3.org/ns/shacl#hasValue"
    in_: Final = "http://www.w3.org/ns/shacl#in"
    inversePath: Final = "http://www.w3.org/ns/shacl#inversePath"
    languageIn: Final = "http://www.w3.org/ns/shacl#languageIn"
    lessThanOrEquals: Final = "http://www.w3.org/ns/shacl#lessThanOrEquals"
    maxCount: Final = "http://www.w3.org/ns/shacl#maxCount"
    maxInclusive: Final = "http://www.w3.org/ns/shacl#maxInclusive"
    message: Final = "http://www.w3.org/ns/shacl#message"
    minCount: Final = "http://www.w3.org/ns/shacl#minCount"
    minExclusive: Final = "http://www.w3.org/ns/shacl#minExclusive"
    minInclusive: Final = "http://www.w3.org/ns/shacl#minInclusive"
    minLength: Final = "http://www.w3.org/ns/shacl#minLength"
    namespace: Final = "http://www.w3.org/ns/shacl#namespace"
    node: Final = "http://www.w3.org/ns/shacl#node"
    nodeKind: Final = "http://www.w3.org/ns/shacl#nodeKind"
    not_: Final = "http://www.w3.org/ns/shacl#not"
    or_: Final = "http://www.w3.org/ns/shacl#or"
    path: Final = "http://www.w3.org/ns/shacl#path"
    pattern: Final = "http://www.w3.org/ns/shacl#pattern"
    prefix: Final = "http://www.w3.org/ns/shacl#prefix"
    prefixes: Final = "http://www.w3.org/ns/shacl#prefixes"
    property: Final = "http://www.w3.org/ns/shacl#property"
    qualifiedMinCount: Final = "http://www.w3.org/ns/shacl#qualifiedMinCount"
    qualifiedValueShape: Final = "http://www.w3.org/ns/shacl#qualifiedValueShape"
    select: Final = "http://www.w3.org/ns/shacl#select"
    severity: Final = "http://www.w3.org/ns/shacl#severity"
    sparql: Final = "http://www.w3.org/ns/shacl#sparql"
    targetClass: Final = "http://www.w3.org/ns/shacl#targetClass"
    targetSubjectsOf: Final = "http://www.w3.org/ns/shacl#targetSubjectsOf"
    uniqueLang: Final = "http://www.w3.org/ns/shacl#uniqueLang"


class SKOS:
    """Terms of http://www.w3.org/2004/02/skos/core#"""

    Collection: Final = "http://www.w3.org/2004/02/skos/core#Collection"
    Concept: Final = "http://www.w3.org/2004/02/skos/core#Concept"
    ConceptScheme: Final = "http://www.w3.org/2004/02/skos/core#ConceptScheme"
    altLabel: Final = "http://www.w3.org/2004/02/skos/core#altLabel"
    broadMatch: Final = "http://www.w3.org/2004/02/skos/core#broadMatch"
    broader: Final = "http://www.w3.org/2004/02/skos/core#broader"
    closeMatch: Final = "http://www.w3.org/2004/02/skos/core#closeMatch"
    definition: Final = "http://www.w3.org/2004/02/skos/core#definition"
    editorialNote: Final = "http://www.w3.org/2004/02/skos/core#editorialNote"
    historyNote: Final = "http://www.w3.org/2004/02/skos/core#historyNote"
    inScheme: Final = "http://www.w3.org/2004/02/skos/core#inScheme"
    member: Final = "http://www.w3.org/2004/02/skos/core#member"
    notation: Final = "http://www.w3.org/2004/02/skos/core#notation"
    note: Final = "http://www.w3.org/2004/02/skos/core#note"
    prefLabel: Final = "http://www.w3.org/2004/02/skos/core#prefLabel"
    relatedMatch: Final = "http://www.w3.org/2004/02/skos/core#relatedMatch"
    scopeNote: Final = "http://www.w3.org/2004/02/skos/core#scopeNote"
    topConceptOf: Final = "http://www.w3.org/2004/02/skos/core#topConceptOf"


class SKOSXL:
    """Terms of http://www.w3.org/2008/05/skos-xl#"""

    Label: Final = "http://www.w3.org/2008/05/skos-xl#Label"
    literalForm: Final = "http://www.w3.org/2008/05/skos-xl#literalForm"


class SOSA:
    """Terms of http://www.w3.org/ns/sosa/"""

    ObservableProperty: Final = "http://www.w3.org/ns/sosa/ObservableProperty"
    Observation: Final = "http://www.w3.org/ns/sosa/Observation"
    hasFeatureOfInterest: Final = "http://www.w3.org/ns/sosa/hasFeatureOfInterest"
    hasSimpleResult: Final = "http://www.w3.org/ns/sosa/hasSimpleResult"
    observedProperty: Final = "http://www.w3.org/ns/sosa/observedProperty"


class UNIT:
    """Terms of http://qudt.org/vocab/unit/"""

    DAY: Final = "http://qudt.org/vocab/unit/DAY"
    GM: Final = "http://qudt.org/vocab/unit/GM"
    HR: Final = "http://qudt.org/vocab/unit/HR"
    KiloM: Final = "http://qudt.org/vocab/unit/KiloM"
    MIN: Final = "http://qudt.org/vocab/unit/MIN"
    MO: Final = "http://qudt.org/vocab/unit/MO"
    NUM: Final = "http://qudt.org/vocab/unit/NUM"
    PERCENT: Final = "http://qudt.org/vocab/unit/PERCENT"
    PERMILLE: Final = "http://qudt.org/vocab/unit/PERMILLE"
    WK: Final = "http://qudt.org/vocab/unit/WK"
    YR: Final = "http://qudt.org/vocab/unit/YR"


class VANN:
    """Terms of http://purl.org/vocab/vann/"""

    preferredNamespacePrefix: Final = "http://purl.org/vocab/vann/preferredNamespacePrefix"
    preferredNamespaceUri: Final = "http://purl.org/vocab/vann/preferredNamespaceUri"


class XSD:
    """Terms of http://www.w3.org/2001/XMLSchema#"""

    anyURI: Final = "http://www.w3.org/2001/XMLSchema#anyURI"
    boolean: Final = "http://www.w3.org/2001/XMLSchema#boolean"
    date: Final = "http://www.w3.org/2001/XMLSchema#date"
    dateTime: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
    decimal: Final = "http://www.w3.org/2001/XMLSchema#decimal"
    gYear: Final = "http://www.w3.org/2001/XMLSchema#gYear"
    gYearMonth: Final = "http://www.w3.org/2001/XMLSchema#gYearMonth"
    integer: Final = "http://www.w3.org/2001/XMLSchema#integer"
    string: Final = "http://www.w3.org/2001/XMLSchema#string"


class VOC:
    """The concept schemes of our vocabularies."""

    ACCEPTANCE: Final = "https://w3id.org/medalliance/vocab/acceptance"
    ACTIVITY_KIND: Final = "https://w3id.org/medalliance/vocab/activity-kind"
    ALLIANCE_KIND: Final = "https://w3id.org/medalliance/vocab/alliance-kind"
    AREA_LEVEL: Final = "https://w3id.org/medalliance/vocab/area-level"
    AVAILABILITY: Final = "https://w3id.org/medalliance/vocab/availability"
    BASIS: Final = "https://w3id.org/medalliance/vocab/basis"
    CLAIM_KIND: Final = "https://w3id.org/medalliance/vocab/claim-kind"
    CONFIRMATION_ANSWER: Final = "https://w3id.org/medalliance/vocab/confirmation-answer"
    COOPERATION_KIND: Final = "https://w3id.org/medalliance/vocab/cooperation-kind"
    CREDIT_CLASS: Final = "https://w3id.org/medalliance/vocab/credit-class"
    CRS: Final = "https://w3id.org/medalliance/vocab/crs"
    DEGREE: Final = "https://w3id.org/medalliance/vocab/degree"
    DESIGNATION_KIND: Final = "https://w3id.org/medalliance/vocab/designation-kind"
    EMPLOYMENT: Final = "https://w3id.org/medalliance/vocab/employment"
    EXTENT: Final = "https://w3id.org/medalliance/vocab/extent"
    GRAPH_KIND: Final = "https://w3id.org/medalliance/vocab/graph-kind"
    HOSPITAL_GRADE: Final = "https://w3id.org/medalliance/vocab/hospital-grade"
    HOUSING: Final = "https://w3id.org/medalliance/vocab/housing"
    INDEX: Final = "https://w3id.org/medalliance/vocab/index"
    INDICATOR: Final = "https://w3id.org/medalliance/vocab/indicator"
    LEVEL: Final = "https://w3id.org/medalliance/vocab/level"
    MEMBERSHIP_ROLE: Final = "https://w3id.org/medalliance/vocab/membership-role"
    NAME_KIND: Final = "https://w3id.org/medalliance/vocab/name-kind"
    ORGANIZATION_STATUS: Final = "https://w3id.org/medalliance/vocab/organization-status"
    ORGANIZATION_TYPE: Final = "https://w3id.org/medalliance/vocab/organization-type"
    PROGRAMME_KIND: Final = "https://w3id.org/medalliance/vocab/programme-kind"
    PROJECT_KIND: Final = "https://w3id.org/medalliance/vocab/project-kind"
    PROJECT_STATUS: Final = "https://w3id.org/medalliance/vocab/project-status"
    REFERRAL_KIND: Final = "https://w3id.org/medalliance/vocab/referral-kind"
    REQUIREMENT: Final = "https://w3id.org/medalliance/vocab/requirement"
    SERVICE_KIND: Final = "https://w3id.org/medalliance/vocab/service-kind"
    SPECIALTY: Final = "https://w3id.org/medalliance/vocab/specialty"
    STAFF_ROLE: Final = "https://w3id.org/medalliance/vocab/staff-role"
    STATUS: Final = "https://w3id.org/medalliance/vocab/status"
    TECHNIQUE: Final = "https://w3id.org/medalliance/vocab/technique"
    TITLE_RANK: Final = "https://w3id.org/medalliance/vocab/title-rank"
    UNIT: Final = "https://w3id.org/medalliance/vocab/unit"
    VISIBILITY: Final = "https://w3id.org/medalliance/vocab/visibility"
    WARD_LEVEL: Final = "https://w3id.org/medalliance/vocab/ward-level"


class Acceptance:
    """Concepts of the scheme acceptance. Whether referred patients are accepted."""

    ACCEPTING: Final = "https://w3id.org/medalliance/vocab/acceptance/accepting"
    FULL: Final = "https://w3id.org/medalliance/vocab/acceptance/full"
    LIMITED: Final = "https://w3id.org/medalliance/vocab/acceptance/limited"
    UNKNOWN: Final = "https://w3id.org/medalliance/vocab/acceptance/unknown"


class ActivityKind:
    """Concepts of the scheme activity-kind. Kinds of alliance activities."""

    ACADEMIC_MEETING: Final = "https://w3id.org/medalliance/vocab/activity-kind/academic-meeting"
    ALLIANCE_MEETING: Final = "https://w3id.org/medalliance/vocab/activity-kind/alliance-meeting"
    CASE_DISCUSSION: Final = "https://w3id.org/medalliance/vocab/activity-kind/case-discussion"
    COURSE: Final = "https://w3id.org/medalliance/vocab/activity-kind/course"
    FREE_CLINIC: Final = "https://w3id.org/medalliance/vocab/activity-kind/free-clinic"
    QUALITY_VISIT: Final = "https://w3id.org/medalliance/vocab/activity-kind/quality-visit"
    WARD_ROUND: Final = "https://w3id.org/medalliance/vocab/activity-kind/ward-round"


class AllianceKind:
    """Concepts of the scheme alliance-kind. Forms of medical alliances."""

    COUNTY_COMMUNITY: Final = "https://w3id.org/medalliance/vocab/alliance-kind/county-community"
    SPECIALTY_ALLIANCE: Final = "https://w3id.org/medalliance/vocab/alliance-kind/specialty-alliance"
    TELEMEDICINE_NETWORK: Final = "https://w3id.org/medalliance/vocab/alliance-kind/telemedicine-network"
    URBAN_MEDICAL_GROUP: Final = "https://w3id.org/medalliance/vocab/alliance-kind/urban-medical-group"


class AreaLevel:
    """Concepts of the scheme area-level. Levels of administrative areas."""

    COUNTRY: Final = "https://w3id.org/medalliance/vocab/area-level/country"
    COUNTY: Final = "https://w3id.org/medalliance/vocab/area-level/county"
    PREFECTURE: Final = "https://w3id.org/medalliance/vocab/area-level/prefecture"
    PROVINCE: Final = "https://w3id.org/medalliance/vocab/area-level/province"


class Availability:
    """Concepts of the scheme availability. Whether and when a technique is on offer."""

    AROUND_THE_CLOCK: Final = "https://w3id.org/medalliance/vocab/availability/around-the-clock"
    NO: Final = "https://w3id.org/medalliance/vocab/availability/no"
    UNKNOWN: Final = "https://w3id.org/medalliance/vocab/availability/unknown"
    WORKDAYS: Final = "https://w3id.org/medalliance/vocab/availability/workdays"
    YES: Final = "https://w3id.org/medalliance/vocab/availability/yes"


class Basis:
    """Concepts of the scheme basis. How facts were obtained."""

    DERIVED: Final = "https://w3id.org/medalliance/vocab/basis/derived"
    INTERPRETED: Final = "https://w3id.org/medalliance/vocab/basis/interpreted"
    STATED: Final = "https://w3id.org/medalliance/vocab/basis/stated"


class ClaimKind:
    """Concepts of the scheme claim-kind. Kinds of claims."""

    CONFORMANCE: Final = "https://w3id.org/medalliance/vocab/claim-kind/conformance"
    MISSION: Final = "https://w3id.org/medalliance/vocab/claim-kind/mission"
    RANKING: Final = "https://w3id.org/medalliance/vocab/claim-kind/ranking"


class ConfirmationAnswer:
    """Concepts of the scheme confirmation-answer. What a unit may answer about a fact on record."""

    CONFIRMED: Final = "https://w3id.org/medalliance/vocab/confirmation-answer/confirmed"
    CORRECTED: Final = "https://w3id.org/medalliance/vocab/confirmation-answer/corrected"
    UNCLEAR: Final = "https://w3id.org/medalliance/vocab/confirmation-answer/unclear"


class CooperationKind:
    """Concepts of the scheme cooperation-kind. Kinds of cooperation between organizations; the referral kinds belong to it too."""

    PAIRED_ASSISTANCE: Final = "https://w3id.org/medalliance/vocab/cooperation-kind/paired-assistance"
    QUALITY_GUIDANCE: Final = "https://w3id.org/medalliance/vocab/cooperation-kind/quality-guidance"
    RESEARCH: Final = "https://w3id.org/medalliance/vocab/cooperation-kind/research"
    TEACHING: Final = "https://w3id.org/medalliance/vocab/cooperation-kind/teaching"


class CreditClass:
    """Concepts of the scheme credit-class. Classes of continuing medical education credits."""

    I: Final = "https://w3id.org/medalliance/vocab/credit-class/i"
    II: Final = "https://w3id.org/medalliance/vocab/credit-class/ii"


class Crs:
    """Concepts of the scheme crs. Systems in which longitude and latitude are given."""

    BD09: Final = "https://w3id.org/medalliance/vocab/crs/bd09"
    GCJ02: Final = "https://w3id.org/medalliance/vocab/crs/gcj02"
    WGS84: Final = "https://w3id.org/medalliance/vocab/crs/wgs84"


class Degree:
    """Concepts of the scheme degree. Academic degrees."""

    BACHELOR: Final = "https://w3id.org/medalliance/vocab/degree/bachelor"
    DIPLOMA: Final = "https://w3id.org/medalliance/vocab/degree/diploma"
    DOCTORAL: Final = "https://w3id.org/medalliance/vocab/degree/doctoral"
    MASTERS: Final = "https://w3id.org/medalliance/vocab/degree/masters"
    NONE: Final = "https://w3id.org/medalliance/vocab/degree/none"


class DesignationKind:
    """Concepts of the scheme designation-kind. Kinds of official designations, in independent families: service, quality, excellence, training."""

    CRITICAL_CARE_CENTRE: Final = "https://w3id.org/medalliance/vocab/designation-kind/critical-care-centre"
    CRITICAL_MATERNAL_CENTRE: Final = "https://w3id.org/medalliance/vocab/designation-kind/critical-maternal-centre"
    FELLOWSHIP_BASE: Final = "https://w3id.org/medalliance/vocab/designation-kind/fellowship-base"
    HEALTH_CARE_SPECIALTY: Final = "https://w3id.org/medalliance/vocab/designation-kind/health-care-specialty"
    KEY_CLINICAL_SPECIALTY: Final = "https://w3id.org/medalliance/vocab/designation-kind/key-clinical-specialty"
    MCH_CAPACITY_BASE: Final = "https://w3id.org/medalliance/vocab/designation-kind/mch-capacity-base"
    OTHER: Final = "https://w3id.org/medalliance/vocab/designation-kind/other"
    OTHER_TRAINING_BASE: Final = "https://w3id.org/medalliance/vocab/designation-kind/other-training-base"
    QUALITY_CONTROL_CENTRE: Final = "https://w3id.org/medalliance/vocab/designation-kind/quality-control-centre"
    REFERRAL_CENTRE: Final = "https://w3id.org/medalliance/vocab/designation-kind/referral-centre"
    RESIDENCY_BASE: Final = "https://w3id.org/medalliance/vocab/designation-kind/residency-base"
    SPECIALIST_NURSE_BASE: Final = "https://w3id.org/medalliance/vocab/designation-kind/specialist-nurse-base"
    TRAINING_BASE: Final = "https://w3id.org/medalliance/vocab/designation-kind/training-base"


class Employment:
    """Concepts of the scheme employment. Whether applicants are employed by an institution."""

    BOTH: Final = "https://w3id.org/medalliance/vocab/employment/both"
    EMPLOYED: Final = "https://w3id.org/medalliance/vocab/employment/employed"
    INDEPENDENT: Final = "https://w3id.org/medalliance/vocab/employment/independent"
    UNKNOWN: Final = "https://w3id.org/medalliance/vocab/employment/unknown"


class Extent:
    """Concepts of the scheme extent. How far an area is covered."""

    PART: Final = "https://w3id.org/medalliance/vocab/extent/part"
    WHOLE: Final = "https://w3id.org/medalliance/vocab/extent/whole"


class GraphKind:
    """Concepts of the scheme graph-kind. What a named graph holds."""

    CATALOGUE: Final = "https://w3id.org/medalliance/vocab/graph-kind/catalogue"
    DERIVED: Final = "https://w3id.org/medalliance/vocab/graph-kind/derived"
    LOCAL: Final = "https://w3id.org/medalliance/vocab/graph-kind/local"
    ONTOLOGY: Final = "https://w3id.org/medalliance/vocab/graph-kind/ontology"
    REFERENCE: Final = "https://w3id.org/medalliance/vocab/graph-kind/reference"
    SHAPES: Final = "https://w3id.org/medalliance/vocab/graph-kind/shapes"
    SOURCE: Final = "https://w3id.org/medalliance/vocab/graph-kind/source"
    VOCABULARY: Final = "https://w3id.org/medalliance/vocab/graph-kind/vocabulary"


class HospitalGrade:
    """Concepts of the scheme hospital-grade. Grades of the Chinese hospital accreditation."""

    N1: Final = "https://w3id.org/medalliance/vocab/hospital-grade/1"
    N2: Final = "https://w3id.org/medalliance/vocab/hospital-grade/2"
    N2A: Final = "https://w3id.org/medalliance/vocab/hospital-grade/2a"
    N2B: Final = "https://w3id.org/medalliance/vocab/hospital-grade/2b"
    N2C: Final = "https://w3id.org/medalliance/vocab/hospital-grade/2c"
    N3: Final = "https://w3id.org/medalliance/vocab/hospital-grade/3"
    N3A: Final = "https://w3id.org/medalliance/vocab/hospital-grade/3a"
    N3B: Final = "https://w3id.org/medalliance/vocab/hospital-grade/3b"
    N3C: Final = "https://w3id.org/medalliance/vocab/hospital-grade/3c"
    N3_SPECIAL: Final = "https://w3id.org/medalliance/vocab/hospital-grade/3-special"
    UNGRADED: Final = "https://w3id.org/medalliance/vocab/hospital-grade/ungraded"
    UNKNOWN: Final = "https://w3id.org/medalliance/vocab/hospital-grade/unknown"


class Housing:
    """Concepts of the scheme housing. Whether a programme provides housing."""

    ASSISTED: Final = "https://w3id.org/medalliance/vocab/housing/assisted"
    NOT_PROVIDED: Final = "https://w3id.org/medalliance/vocab/housing/not-provided"
    PROVIDED: Final = "https://w3id.org/medalliance/vocab/housing/provided"
    UNKNOWN: Final = "https://w3id.org/medalliance/vocab/housing/unknown"


class Index:
    """Concepts of the scheme index. Indexes in which papers are listed."""

    CHINESE_CORE: Final = "https://w3id.org/medalliance/vocab/index/chinese-core"
    EI: Final = "https://w3id.org/medalliance/vocab/index/ei"
    MEDL: Final = "https://w3id.org/medalliance/vocab/index/medl"
    SCI: Final = "https://w3id.org/medalliance/vocab/index/sci"


class Indicator:
    """Concepts of the scheme indicator. What statistics count or measure."""

    BEDS: Final = "https://w3id.org/medalliance/vocab/indicator/beds"
    BEDS_APPROVED: Final = "https://w3id.org/medalliance/vocab/indicator/beds-approved"
    BEDS_NICU: Final = "https://w3id.org/medalliance/vocab/indicator/beds-nicu"
    BEDS_OPEN: Final = "https://w3id.org/medalliance/vocab/indicator/beds-open"
    DOCTORAL_SUPERVISORS: Final = "https://w3id.org/medalliance/vocab/indicator/doctoral-supervisors"
    DOCTORS: Final = "https://w3id.org/medalliance/vocab/indicator/doctors"
    DOCTORS_DOCTORAL: Final = "https://w3id.org/medalliance/vocab/indicator/doctors-doctoral"
    DOCTORS_MASTERS: Final = "https://w3id.org/medalliance/vocab/indicator/doctors-masters"
    DOCTORS_SENIOR_TITLE: Final = "https://w3id.org/medalliance/vocab/indicator/doctors-senior-title"
    MASTERS_SUPERVISORS: Final = "https://w3id.org/medalliance/vocab/indicator/masters-supervisors"
    MEMBERS: Final = "https://w3id.org/medalliance/vocab/indicator/members"
    MIN_GESTATIONAL_AGE: Final = "https://w3id.org/medalliance/vocab/indicator/min-gestational-age"
    MIN_WEIGHT: Final = "https://w3id.org/medalliance/vocab/indicator/min-weight"
    NURSES: Final = "https://w3id.org/medalliance/vocab/indicator/nurses"
    NURSES_DEPUTY_CHIEF: Final = "https://w3id.org/medalliance/vocab/indicator/nurses-deputy-chief"
    NURSES_SUPERVISOR: Final = "https://w3id.org/medalliance/vocab/indicator/nurses-supervisor"
    NURSES_TITLE_UNSTATED: Final = "https://w3id.org/medalliance/vocab/indicator/nurses-title-unstated"
    PAPERS: Final = "https://w3id.org/medalliance/vocab/indicator/papers"
    PAPERS_CHINESE_CORE: Final = "https://w3id.org/medalliance/vocab/indicator/papers-chinese-core"
    PAPERS_EI_MEDL: Final = "https://w3id.org/medalliance/vocab/indicator/papers-ei-medl"
    PAPERS_SCI: Final = "https://w3id.org/medalliance/vocab/indicator/papers-sci"
    PROJECTS: Final = "https://w3id.org/medalliance/vocab/indicator/projects"
    PROJECTS_NATIONAL: Final = "https://w3id.org/medalliance/vocab/indicator/projects-national"
    PROJECTS_OTHER: Final = "https://w3id.org/medalliance/vocab/indicator/projects-other"
    PROJECTS_PROVINCIAL_MUNICIPAL: Final = "https://w3id.org/medalliance/vocab/indicator/projects-provincial-municipal"


class Level:
    """Concepts of the scheme level. Levels of designations, programmes and projects."""

    ALLIANCE: Final = "https://w3id.org/medalliance/vocab/level/alliance"
    COUNTY: Final = "https://w3id.org/medalliance/vocab/level/county"
    HOSPITAL: Final = "https://w3id.org/medalliance/vocab/level/hospital"
    MUNICIPAL: Final = "https://w3id.org/medalliance/vocab/level/municipal"
    NATIONAL: Final = "https://w3id.org/medalliance/vocab/level/national"
    OTHER: Final = "https://w3id.org/medalliance/vocab/level/other"
    PROVINCIAL: Final = "https://w3id.org/medalliance/vocab/level/provincial"
    UNIVERSITY: Final = "https://w3id.org/medalliance/vocab/level/university"


class MembershipRole:
    """Concepts of the scheme membership-role. Roles that organizations have in an alliance."""

    COOPERATING: Final = "https://w3id.org/medalliance/vocab/membership-role/cooperating"
    CORE: Final = "https://w3id.org/medalliance/vocab/membership-role/core"
    COUNCIL: Final = "https://w3id.org/medalliance/vocab/membership-role/council"
    DEPUTY_LEAD: Final = "https://w3id.org/medalliance/vocab/membership-role/deputy-lead"
    INITIATOR: Final = "https://w3id.org/medalliance/vocab/membership-role/initiator"
    LEAD: Final = "https://w3id.org/medalliance/vocab/membership-role/lead"
    MEMBER: Final = "https://w3id.org/medalliance/vocab/membership-role/member"
    OBSERVER: Final = "https://w3id.org/medalliance/vocab/membership-role/observer"


class NameKind:
    """Concepts of the scheme name-kind. Kinds of names."""

    ALIAS: Final = "https://w3id.org/medalliance/vocab/name-kind/alias"
    FORMER: Final = "https://w3id.org/medalliance/vocab/name-kind/former"
    OFFICIAL: Final = "https://w3id.org/medalliance/vocab/name-kind/official"
    SHORT: Final = "https://w3id.org/medalliance/vocab/name-kind/short"
    TRANSLATION: Final = "https://w3id.org/medalliance/vocab/name-kind/translation"


class OrganizationStatus:
    """Concepts of the scheme organization-status. Whether an organization still operates."""

    CLOSED: Final = "https://w3id.org/medalliance/vocab/organization-status/closed"
    IN_USE: Final = "https://w3id.org/medalliance/vocab/organization-status/in-use"
    MERGED: Final = "https://w3id.org/medalliance/vocab/organization-status/merged"
    RENAMED: Final = "https://w3id.org/medalliance/vocab/organization-status/renamed"


class OrganizationType:
    """Concepts of the scheme organization-type. Types of organizations."""

    CHILDRENS_HOSPITAL: Final = "https://w3id.org/medalliance/vocab/organization-type/childrens-hospital"
    GENERAL_HOSPITAL: Final = "https://w3id.org/medalliance/vocab/organization-type/general-hospital"
    GOVERNMENT: Final = "https://w3id.org/medalliance/vocab/organization-type/government"
    MCH_HOSPITAL: Final = "https://w3id.org/medalliance/vocab/organization-type/mch-hospital"
    OTHER: Final = "https://w3id.org/medalliance/vocab/organization-type/other"
    SPECIALIST_HOSPITAL: Final = "https://w3id.org/medalliance/vocab/organization-type/specialist-hospital"
    TCM_HOSPITAL: Final = "https://w3id.org/medalliance/vocab/organization-type/tcm-hospital"
    UNIVERSITY: Final = "https://w3id.org/medalliance/vocab/organization-type/university"


class ProgrammeKind:
    """Concepts of the scheme programme-kind. Kinds of training programmes."""

    ADVANCED_PLACEMENT: Final = "https://w3id.org/medalliance/vocab/programme-kind/advanced-placement"
    CAPACITY_BUILDING: Final = "https://w3id.org/medalliance/vocab/programme-kind/capacity-building"
    CME: Final = "https://w3id.org/medalliance/vocab/programme-kind/cme"
    ONLINE: Final = "https://w3id.org/medalliance/vocab/programme-kind/online"
    RESIDENT_TRAINING: Final = "https://w3id.org/medalliance/vocab/programme-kind/resident-training"
    SHORT_COURSE: Final = "https://w3id.org/medalliance/vocab/programme-kind/short-course"
    SPECIALIST_NURSE: Final = "https://w3id.org/medalliance/vocab/programme-kind/specialist-nurse"
    SPECIALIST_TRAINING: Final = "https://w3id.org/medalliance/vocab/programme-kind/specialist-training"


class ProjectKind:
    """Concepts of the scheme project-kind. Kinds of projects."""

    DISSEMINATION: Final = "https://w3id.org/medalliance/vocab/project-kind/dissemination"
    QUALITY_IMPROVEMENT: Final = "https://w3id.org/medalliance/vocab/project-kind/quality-improvement"
    RESEARCH: Final = "https://w3id.org/medalliance/vocab/project-kind/research"
    TEACHING: Final = "https://w3id.org/medalliance/vocab/project-kind/teaching"


class ProjectStatus:
    """Concepts of the scheme project-status. States of projects."""

    COMPLETED: Final = "https://w3id.org/medalliance/vocab/project-status/completed"
    ONGOING: Final = "https://w3id.org/medalliance/vocab/project-status/ongoing"
    TERMINATED: Final = "https://w3id.org/medalliance/vocab/project-status/terminated"


class ReferralKind:
    """Concepts of the scheme referral-kind. Kinds of referral arrangements."""

    DOWN: Final = "https://w3id.org/medalliance/vocab/referral-kind/down"
    TELECONSULT: Final = "https://w3id.org/medalliance/vocab/referral-kind/teleconsult"
    TRANSPORT: Final = "https://w3id.org/medalliance/vocab/referral-kind/transport"
    UP: Final = "https://w3id.org/medalliance/vocab/referral-kind/up"


class Requirement:
    """Concepts of the scheme requirement. Whether a condition must be met."""

    NOT_REQUIRED: Final = "https://w3id.org/medalliance/vocab/requirement/not-required"
    PREFERRED: Final = "https://w3id.org/medalliance/vocab/requirement/preferred"
    REQUIRED: Final = "https://w3id.org/medalliance/vocab/requirement/required"
    UNKNOWN: Final = "https://w3id.org/medalliance/vocab/requirement/unknown"


class ServiceKind:
    """Concepts of the scheme service-kind. Kinds of services given to an area."""

    CRITICAL_TRANSFER: Final = "https://w3id.org/medalliance/vocab/service-kind/critical-transfer"
    DIAGNOSIS_TREATMENT: Final = "https://w3id.org/medalliance/vocab/service-kind/diagnosis-treatment"


class Specialty:
    """Concepts of the scheme specialty. Specialties in which programmes train."""

    MCH: Final = "https://w3id.org/medalliance/vocab/specialty/mch"
    NEONATAL_NURSING: Final = "https://w3id.org/medalliance/vocab/specialty/neonatal-nursing"
    NEONATAL_PERINATAL_MEDICINE: Final = "https://w3id.org/medalliance/vocab/specialty/neonatal-perinatal-medicine"
    NEONATAL_SURGERY: Final = "https://w3id.org/medalliance/vocab/specialty/neonatal-surgery"
    NEONATOLOGY: Final = "https://w3id.org/medalliance/vocab/specialty/neonatology"
    OBSTETRICS: Final = "https://w3id.org/medalliance/vocab/specialty/obstetrics"
    PAEDIATRICS: Final = "https://w3id.org/medalliance/vocab/specialty/paediatrics"


class StaffRole:
    """Concepts of the scheme staff-role. Roles of staff and contacts."""

    ADMISSIONS: Final = "https://w3id.org/medalliance/vocab/staff-role/admissions"
    CONTACT: Final = "https://w3id.org/medalliance/vocab/staff-role/contact"
    COORDINATOR: Final = "https://w3id.org/medalliance/vocab/staff-role/coordinator"
    DEPARTMENT_HEAD: Final = "https://w3id.org/medalliance/vocab/staff-role/department-head"
    DOCTOR: Final = "https://w3id.org/medalliance/vocab/staff-role/doctor"
    DOCTORAL_SUPERVISOR: Final = "https://w3id.org/medalliance/vocab/staff-role/doctoral-supervisor"
    MASTERS_SUPERVISOR: Final = "https://w3id.org/medalliance/vocab/staff-role/masters-supervisor"
    NURSE: Final = "https://w3id.org/medalliance/vocab/staff-role/nurse"
    PRINCIPAL_INVESTIGATOR: Final = "https://w3id.org/medalliance/vocab/staff-role/principal-investigator"


class Status:
    """Concepts of the scheme status. States of memberships, designations, agreements and programmes."""

    ACTIVE: Final = "https://w3id.org/medalliance/vocab/status/active"
    ENDED: Final = "https://w3id.org/medalliance/vocab/status/ended"
    EXPIRED: Final = "https://w3id.org/medalliance/vocab/status/expired"
    LEFT: Final = "https://w3id.org/medalliance/vocab/status/left"
    PENDING: Final = "https://w3id.org/medalliance/vocab/status/pending"
    PLANNED: Final = "https://w3id.org/medalliance/vocab/status/planned"
    REVOKED: Final = "https://w3id.org/medalliance/vocab/status/revoked"
    SUSPENDED: Final = "https://w3id.org/medalliance/vocab/status/suspended"
    UNDER_REVIEW: Final = "https://w3id.org/medalliance/vocab/status/under-review"
    WITHDRAWN: Final = "https://w3id.org/medalliance/vocab/status/withdrawn"


class Technique:
    """Concepts of the scheme technique. Clinical techniques of neonatology."""

    AEEG: Final = "https://w3id.org/medalliance/vocab/technique/aeeg"
    BEDSIDE_ULTRASOUND: Final = "https://w3id.org/medalliance/vocab/technique/bedside-ultrasound"
    BLOOD_PURIFICATION: Final = "https://w3id.org/medalliance/vocab/technique/blood-purification"
    CPAP: Final = "https://w3id.org/medalliance/vocab/technique/cpap"
    ECMO: Final = "https://w3id.org/medalliance/vocab/technique/ecmo"
    EXCHANGE_TRANSFUSION: Final = "https://w3id.org/medalliance/vocab/technique/exchange-transfusion"
    HFOV: Final = "https://w3id.org/medalliance/vocab/technique/hfov"
    HYPOTHERMIA: Final = "https://w3id.org/medalliance/vocab/technique/hypothermia"
    INO: Final = "https://w3id.org/medalliance/vocab/technique/ino"
    INVASIVE_VENTILATION: Final = "https://w3id.org/medalliance/vocab/technique/invasive-ventilation"
    IN_UTERO_TRANSPORT: Final = "https://w3id.org/medalliance/vocab/technique/in-utero-transport"
    NEONATAL_SURGERY: Final = "https://w3id.org/medalliance/vocab/technique/neonatal-surgery"
    NEONATAL_TRANSPORT: Final = "https://w3id.org/medalliance/vocab/technique/neonatal-transport"
    PICC: Final = "https://w3id.org/medalliance/vocab/technique/picc"
    RESUSCITATION: Final = "https://w3id.org/medalliance/vocab/technique/resuscitation"
    ROP_SCREENING: Final = "https://w3id.org/medalliance/vocab/technique/rop-screening"
    ROP_TREATMENT: Final = "https://w3id.org/medalliance/vocab/technique/rop-treatment"
    SURFACTANT: Final = "https://w3id.org/medalliance/vocab/technique/surfactant"


class TitleRank:
    """Concepts of the scheme title-rank. Ranks of professional titles."""

    INTERMEDIATE: Final = "https://w3id.org/medalliance/vocab/title-rank/intermediate"
    JUNIOR: Final = "https://w3id.org/medalliance/vocab/title-rank/junior"
    NONE: Final = "https://w3id.org/medalliance/vocab/title-rank/none"
    SENIOR: Final = "https://w3id.org/medalliance/vocab/title-rank/senior"


class Visibility:
    """Concepts of the scheme visibility. Who may see it."""

    ALLIANCE: Final = "https://w3id.org/medalliance/vocab/visibility/alliance"
    INTERNAL: Final = "https://w3id.org/medalliance/vocab/visibility/internal"
    PUBLIC: Final = "https://w3id.org/medalliance/vocab/visibility/public"


class WardLevel:
    """Concepts of the scheme ward-level. Levels of the tiered management of neonatal wards."""

    I: Final = "https://w3id.org/medalliance/vocab/ward-level/i"
    II: Final = "https://w3id.org/medalliance/vocab/ward-level/ii"
    IIA: Final = "https://w3id.org/medalliance/vocab/ward-level/iia"
    IIB: Final = "https://w3id.org/medalliance/vocab/ward-level/iib"
    III: Final = "https://w3id.org/medalliance/vocab/ward-level/iii"
    IIIA: Final = "https://w3id.org/medalliance/vocab/ward-level/iiia"
    IIIB: Final = "https://w3id.org/medalliance/vocab/ward-level/iiib"
    IIIC: Final = "https://w3id.org/medalliance/vocab/ward-level/iiic"
    NOT_ASSESSED: Final = "https://w3id.org/medalliance/vocab/ward-level/not-assessed"
    UNKNOWN: Final = "https://w3id.org/medalliance/vocab/ward-level/unknown"
