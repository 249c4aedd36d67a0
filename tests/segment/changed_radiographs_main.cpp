// SPDX-License-Identifier: Apache-2.0
//
// The joint space on changed copies of radiographs whose masks are known, run by hand.
#include <guide/evaluate/overlap.hpp>
#include <guide/frame/frame.hpp>
#include <guide/segment/segment.hpp>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const char* const kUsage =
    "guide_changed_radiographs DIR [CHANGE] [--each]\n"
    "DIR holds image/ and mask/ with files of the same names. One line for each change (or for "
    "the\n"
    "changes whose name begins with CHANGE): mean Dice, its loss against the unchanged copies, "
    "the\n"
    "5th percentile, the frames without an answer, the targets outside the mask. --each: every\n"
    "frame's Dice as well.\n";

struct Case {
    std::string name;
    cv::Mat1b grey, mask;
};

struct Change {
    std::string name;
    std::function<Case(const Case&)> apply;
};

Case with_grey(const Case& c, const std::function<double(double)>& curve) {
    Case changed{c.name, c.grey.clone(), c.mask};
    for (auto& v : changed.grey)
        v = cv::saturate_cast<unsigned char>(curve(v));
    return changed;
}

Change stretched(double factor) {
    return {cv::format("contrast x %.1f", factor), [factor](const Case& c) {
                const double mean = cv::mean(c.grey)[0];
                return with_grey(c, [=](double v) { return mean + factor * (v - mean); });
            }};
}

Change bent(double gamma) {
    return {cv::format("gamma %.1f", gamma), [gamma](const Case& c) {
                return with_grey(c, [=](double v) { return 255 * std::pow(v / 255, gamma); });
            }};
}

Case warped(const Case& c, double degrees, double scale, int border) {
    const cv::Mat turn = cv::getRotationMatrix2D(
        {0.5f * static_cast<float>(c.grey.cols - 1), 0.5f * static_cast<float>(c.grey.rows - 1)},
        degrees, scale);
    Case changed{c.name, {}, {}};
    cv::warpAffine(c.grey, changed.grey, turn, c.grey.size(), cv::INTER_LINEAR, border);
    cv::warpAffine(c.mask, changed.mask, turn, c.mask.size(), cv::INTER_LINEAR);
    changed.mask = cv::Mat1b(cv::Mat(changed.mask > 127));
    return changed;
}

Change turned(double degrees, bool black) {
    return {cv::format("turned %+.0f deg, %s", degrees, black ? "black around" : "edge continued"),
            [=](const Case& c) {
                return warped(c, degrees, 1, black ? cv::BORDER_CONSTANT : cv::BORDER_REPLICATE);
            }};
}

Change scaled(double factor) {  // of the knee within the frame
    return {cv::format("knee scaled %.2f, %s", factor, factor < 1 ? "black around" : "cut off"),
            [=](const Case& c) { return warped(c, 0, factor, cv::BORDER_CONSTANT); }};
}

Change resampled(double factor) {
    return {cv::format("resampled %.1f", factor), [=](const Case& c) {
                Case changed{c.name, {}, {}};
                cv::resize(c.grey, changed.grey, {}, factor, factor,
                           factor < 1 ? cv::INTER_AREA : cv::INTER_CUBIC);
                cv::resize(c.mask, changed.mask, changed.grey.size(), 0, 0,
                           factor < 1 ? cv::INTER_AREA : cv::INTER_LINEAR);
                changed.mask = cv::Mat1b(cv::Mat(changed.mask > 127));
                return changed;
            }};
}

Change cropped(const char* what, double left, double right, double top, double bottom) {
    return {cv::format("cropped %s", what), [=](const Case& c) {
                const int x = static_cast<int>(left * c.grey.cols),
                          y = static_cast<int>(top * c.grey.rows);
                const cv::Rect box(x, y, c.grey.cols - x - static_cast<int>(right * c.grey.cols),
                                   c.grey.rows - y - static_cast<int>(bottom * c.grey.rows));
                return Case{c.name, c.grey(box).clone(), c.mask(box).clone()};
            }};
}

Change noisy(double sigma) {
    return {cv::format("noise %.0f grey values", sigma), [=](const Case& c) {
                cv::RNG random(1);
                cv::Mat1f noise(c.grey.size());
                random.fill(noise, cv::RNG::NORMAL, 0, sigma);
                Case changed{c.name, c.grey.clone(), c.mask};
                for (int y = 0; y < noise.rows; ++y)
                    for (int x = 0; x < noise.cols; ++x)
                        changed.grey(y, x) =
                            cv::saturate_cast<unsigned char>(c.grey(y, x) + noise(y, x));
                return changed;
            }};
}

std::vector<Change> all_changes() {
    const auto mirror = [](const Case& c) {
        Case changed{c.name, {}, {}};
        cv::flip(c.grey, changed.grey, 1);
        cv::flip(c.mask, changed.mask, 1);
        return changed;
    };
    std::vector<Change> changes{
        {"none", [](const Case& c) { return c; }},
        {"inverted", [](const Case& c) { return with_grey(c, [](double v) { return 255 - v; }); }},
        {"mirrored", mirror}};
    for (const double factor : {0.3, 0.5, 2.0, 3.0})
        changes.push_back(stretched(factor));
    changes.push_back({"contrast x 3.0, inverted", [](const Case& c) {
                           return with_grey(stretched(3).apply(c),
                                            [](double v) { return 255 - v; });
                       }});
    for (const double gamma : {0.5, 2.0})
        changes.push_back(bent(gamma));
    for (const double degrees : {-15.0, -8.0, 8.0, 15.0})
        for (const bool black : {false, true})
            changes.push_back(turned(degrees, black));
    for (const double factor : {0.7, 0.85, 1.2, 1.4})
        changes.push_back(scaled(factor));
    for (const double factor : {0.7, 1.4, 3.0})
        changes.push_back(resampled(factor));
    changes.push_back(cropped("10 % left", 0.1, 0, 0, 0));
    changes.push_back(cropped("10 % right", 0, 0.1, 0, 0));
    changes.push_back(cropped("10 % top", 0, 0, 0.1, 0));
    changes.push_back(cropped("10 % bottom", 0, 0, 0, 0.1));
    changes.push_back(cropped("5 % each side", 0.05, 0.05, 0.05, 0.05));
    changes.push_back(cropped("10 % each side", 0.1, 0.1, 0.1, 0.1));
    for (const double sigma : {10.0, 20.0})
        changes.push_back(noisy(sigma));
    return changes;
}

struct Result {
    double dice = 0;
    bool found = false, target_inside = false;
    std::string code;
};

Result measured(const Case& c) {
    const auto view = [](const cv::Mat1b& m) {
        return guide::ImageView<const std::uint8_t>(m[0], m.cols, m.rows,
                                                    static_cast<std::ptrdiff_t>(m.step1()));
    };
    const auto anatomy =
        guide::segment::find_anatomy(guide::frame_from_grey(view(c.grey)), {guide::View::xray_ap});
    const auto mask = guide::segment::joint_space_mask(anatomy);
    Result result;
    result.dice = guide::evaluate::overlap(mask.view(), view(c.mask)).dice;
    result.found = anatomy.joint_space.has_value();
    if (!result.found) {
        result.code = anatomy.joint_space.error().code;
        return result;
    }
    const cv::Point target(static_cast<int>(std::lround(anatomy.joint_space->target.x)),
                           static_cast<int>(std::lround(anatomy.joint_space->target.y)));
    result.target_inside = cv::Rect({}, c.mask.size()).contains(target) && c.mask(target) != 0;
    return result;
}

}  // namespace

int main(int count, char** words) {
    std::string folder, wanted;
    bool each = false;
    for (int i = 1; i < count; ++i) {
        const std::string word = words[i];
        if (word == "--each") {
            each = true;
        } else {
            (folder.empty() ? folder : wanted) = word;
        }
    }
    if (folder.empty() || !fs::is_directory(fs::path(folder) / "image")) {
        std::fputs(kUsage, stderr);
        return 2;
    }
    std::vector<Case> cases;
    for (const auto& entry : fs::directory_iterator(fs::path(folder) / "image")) {
        const auto name = entry.path().filename();
        const cv::Mat1b grey = cv::imread(entry.path().string(), cv::IMREAD_GRAYSCALE);
        const cv::Mat1b mask =
            cv::imread((fs::path(folder) / "mask" / name).string(), cv::IMREAD_GRAYSCALE);
        if (grey.empty() || grey.size() != mask.size()) continue;
        cases.push_back({name.string(), grey, cv::Mat1b(cv::Mat(mask > 127))});
    }
    std::sort(cases.begin(), cases.end(), [](auto& a, auto& b) { return a.name < b.name; });
    if (cases.empty()) return 1;

    double unchanged = 0;
    std::printf("%-34s %6s %6s %6s %5s %8s\n", "change", "Dice", "loss", "p5", "none", "outside");
    for (const auto& change : all_changes()) {
        if (change.name != "none" && change.name.rfind(wanted, 0) != 0) continue;
        std::vector<double> dice;
        int none = 0, outside = 0;
        for (const auto& c : cases) {
            const Result result = measured(change.apply(c));
            dice.push_back(result.dice);
            none += result.found ? 0 : 1;
            outside += result.found && !result.target_inside ? 1 : 0;
            if (each)
                std::printf("  %-20s %.3f %s\n", c.name.c_str(), result.dice, result.code.c_str());
        }
        const double mean =
            std::accumulate(dice.begin(), dice.end(), 0.0) / static_cast<double>(dice.size());
        if (change.name == "none") unchanged = mean;
        std::sort(dice.begin(), dice.end());
        std::printf("%-34s %6.3f %+6.3f %6.3f %5d %8d\n", change.name.c_str(), mean,
                    unchanged - mean, dice[dice.size() / 20], none, outside);
        std::fflush(stdout);
    }
    return 0;
}
