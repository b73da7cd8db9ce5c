"""What `.show` has, for editors and type checkers: written by `make index`."""

import collections.abc
import pathlib

import hmip_kit.findings
import hmip_kit.inspection
import hmip_kit.sources.own

class OnInspection:
    def agreement(self) -> hmip_kit.findings.Finding:
        """Return in how many cases two auditors gave the same answer, the fewest first, as a table."""
    def two_auditors(self) -> hmip_kit.findings.Finding:
        """Return the rating of each casework standard by each auditor's answers, on the same cases."""
    def case_grid(self) -> hmip_kit.findings.Finding:
        """Return every case by its answers to the key questions, like patterns together."""
    def compare(self, by: str = 'ethnicity', reference: str | None = None, *, together: bool = False, within: str | None = None) -> hmip_kit.findings.Finding:
        """Return how many key questions were sufficient per case, each group against one, as a table."""
    def sample_and_caseload(self) -> hmip_kit.findings.Finding:
        """Return each group's share of the sample beside its share of the caseload."""
    def not_recorded(self, by: str | None = None, questions: str | collections.abc.Iterable[str] | None = None) -> hmip_kit.findings.Finding:
        """Return how many answers to each question are not recorded, and what they leave open."""
    def figure_checks(self, every: bool = False) -> hmip_kit.findings.Finding:
        """Return the published figures that need a reader's attention, as a table."""
    def by_theme(self, theme: str | None = None) -> hmip_kit.findings.Finding:
        """Return the published figures by theme, each as a count out of its base."""
    def statements(self, section: str = 'Diversity and inclusion') -> hmip_kit.findings.Finding:
        """Return what the report states under a heading, as a table."""
    def vacancies(self) -> hmip_kit.findings.Finding:
        """Return vacancy rates, or whatever else a report gives at two dates, as dumbbells."""
    def funnel(self, question: str | None = None) -> hmip_kit.findings.Finding:
        """Return units on one question, with exact limits around the share of all together."""
    def gap(self, by: str | collections.abc.Iterable[str] | None = None, service: str = 'delivery_desistance', outcome: str = 'outcomes_progress') -> hmip_kit.findings.Finding:
        """Return service and outcome in the same cases, with how sure the difference is, as a table."""
    def at_a_glance(self) -> hmip_kit.findings.Finding:
        """Return the points of an inspection: its rating, the lowest and highest, and progress."""
    def services_at_a_glance(self) -> hmip_kit.findings.Finding:
        """Return the points that needs, services and progress come to in an audit."""
    def recommended(self) -> hmip_kit.findings.Finding:
        """Return the recommendations with the unit's own first, each with a figure of its own."""
    def groups(self, by: str = 'sentence_type') -> hmip_kit.findings.Finding:
        """Return each key question in every group of a characteristic: how many cases were sufficient."""
    def make_up(self, by: str = 'ethnicity') -> hmip_kit.findings.Finding:
        """Return what groups are made up of: sentence type and risk of serious harm."""
    def differences(self, by: str = 'ethnicity', reference: str | None = None, *, together: bool = False, within: str | None = None) -> hmip_kit.findings.Finding:
        """Return the difference of each key question between groups and one of them, with its interval."""
    def key_questions(self) -> hmip_kit.findings.Finding:
        """Return the key questions: how many cases were judged sufficient on each, with bounds."""
    def results(self, by: str | collections.abc.Iterable[str] | None = None, questions: str | collections.abc.Iterable[str] | None = None, confidence: float = 0.95) -> hmip_kit.findings.Finding:
        """Return the answers to each question, in all or by group, as a table."""
    def needs(self, link: str = 'offending') -> hmip_kit.findings.Finding:
        """Return, per need, in how many cases with it a service was delivered and progress noted."""
    def need_steps(self, link: str = 'offending', by: str | collections.abc.Iterable[str] | None = None) -> hmip_kit.findings.Finding:
        """Return, per need, in how many cases it is there and how far these got, as a table."""
    def next_rating(self) -> hmip_kit.findings.Finding:
        """Return how many more cases each casework standard's next rating would take."""
    def organisation_against_casework(self) -> hmip_kit.findings.Finding:
        """Return the points of the standards of the organisation beside those of casework."""
    def other_ratings(self) -> hmip_kit.findings.Finding:
        """Return overall ratings that could be read, by region and date, with this inspection marked."""
    def others(self) -> hmip_kit.findings.Finding:
        """Return the published figures of other inspections that could be read, as a table."""
    def other_scores(self) -> hmip_kit.findings.Finding:
        """Return scores that could be read, by date, each against the highest where that is stated."""
    def other_percentages(self) -> hmip_kit.findings.Finding:
        """Return percentages that could be read, by topic and date, with those of this inspection."""
    def ratings(self) -> hmip_kit.findings.Finding:
        """Return the rating of each standard, how it came about, and the score they add up to."""
    def score(self) -> hmip_kit.findings.Finding:
        """Return the score that the ratings add up to, and what it would be by the rules, as a table."""
    def overview(self) -> hmip_kit.findings.Finding:
        """Return what was inspected, when, and how much of it, as a table."""
    def recommendations(self) -> hmip_kit.findings.Finding:
        """Return the recommendations, each with what the figures say, as a table."""
    def what_to_fill_in(self) -> hmip_kit.findings.Finding:
        """Return what each column of the template for an inspection's framework may hold, as a table."""
    def file_read(self, values: bool = False) -> hmip_kit.findings.Finding:
        """Return which headings and columns of one's own file were taken as what, as a table."""
    def over_time(self, questions: str | collections.abc.Iterable[str] | None = None, baseline: collections.abc.Sequence[str] = ()) -> hmip_kit.findings.Finding:
        """Return each key question in each round, with the limits that chance would keep it within."""
    def better_or_worse(self, by: str | None = None) -> hmip_kit.findings.Finding:
        """Return each key question in the last round against all rounds before it, as a table."""
    def service_and_outcome(self, service: str = 'delivery_desistance', outcome: str = 'outcomes_progress') -> hmip_kit.findings.Finding:
        """Return how many cases have the service and the outcome, one, or neither, each case a mark."""
    def progress_with_and_without(self, service: str = 'delivery_desistance', outcome: str = 'outcomes_progress', by: str | None = None) -> hmip_kit.findings.Finding:
        """Return the outcome where the service was sufficient, and where it was not."""
    def what_can_be_shown(self, size: int | None = None) -> hmip_kit.findings.Finding:
        """Return how large a true difference between two groups of a sample must be to likely show."""
    def later_sample(self, later: int | None = None) -> hmip_kit.findings.Finding:
        """Return, per key question, the counts of a later sample that lie beyond chance."""
    def three_viewpoints(self) -> hmip_kit.findings.Finding:
        """Return access to services as two groups see it, beside what inspectors judged in cases."""
    def referrals(self) -> hmip_kit.findings.Finding:
        """Return what became of the referrals to commissioned rehabilitative services."""
    def stages_sufficient(self, by: str | None = None) -> hmip_kit.findings.Finding:
        """Return, per strand, how many cases were sufficient at none, one, two and so on of the stages."""
    def sub_questions(self) -> hmip_kit.findings.Finding:
        """Return how often the parts of a key question were No where the key question was."""
    def units_side_by_side(self, group: str = 'unit', questions: str | collections.abc.Iterable[str] | None = None) -> hmip_kit.findings.Finding:
        """Return each key question in each unit, with its interval and the share of all together."""
    def region_total(self) -> hmip_kit.findings.Finding:
        """Return each key question over all units: cases added up, and units by their caseloads."""
    def voices(self) -> hmip_kit.findings.Finding:
        """Return what people on probation say, as published."""
    def what_works(self) -> hmip_kit.findings.Finding:
        """Return what the report names as strengths, for half or more, and key questions that reach it."""

class OnAgainst:
    def agreement(self) -> hmip_kit.findings.Finding:
        """Return in how many cases two auditors gave the same answer, the fewest first, as a table."""
    def change(self, same_unit: bool = False) -> hmip_kit.findings.Finding:
        """Return each key question before and after, and which changes lie beyond chance."""
    def other_ratings(self) -> hmip_kit.findings.Finding:
        """Return overall ratings that could be read, by region and date, with this inspection marked."""
    def others(self) -> hmip_kit.findings.Finding:
        """Return the published figures of other inspections that could be read, as a table."""
    def other_scores(self) -> hmip_kit.findings.Finding:
        """Return scores that could be read, by date, each against the highest where that is stated."""
    def other_percentages(self) -> hmip_kit.findings.Finding:
        """Return percentages that could be read, by topic and date, with those of this inspection."""

class OnChecked:
    def file_checked(self) -> hmip_kit.findings.Finding:
        """Return every problem of a case file with the place where it stands, as a table."""
