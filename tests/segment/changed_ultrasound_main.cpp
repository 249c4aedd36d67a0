// SPDX-License-Identifier: Apache-2.0
//
// The joint space on changed copies of ultrasound screens whose masks are known, run by hand.
#include <guide/evaluate/overlap.hpp>
#include <guide/frame/frame.hpp>
#include <guide/segment/frame_scale.hpp>
#include <guide/segment/segment.hpp>

#include <guide_test/hand_run.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace fs = std::filesystem;

const char* const kUsage =
    "guide_changed_ultrasound DATA [TABLE] [--only CHANGE] [--each]\n"
    "TABLE (us-knee-views.csv) lists screens of DATA as training/fit_recess.py reads it; those in "
    "a\n"
    "folder that ends with positive or negative tell an effusion instead of a mask. One line for\n"
    "each change (or those whose name begins with CHANGE): mean and median Dice, screens without\n"
    "an answer, targets in the mask, effusions told right. --each: every screen as well.\n";

struct Screen {
    std::string name;
    guide::View view = guide::View::unknown;
    cv::Mat1b grey, mask;  // mask: empty where no one drew it
    std::optional<bool> effusion;
    cv::Rect box;  // of the picture
    double depth_mm = 0;
};

struct Change {
    std::string name;
    std::function<void(Screen&)> apply;
};

guide::View view_of(const std::string& words) {
    static constexpr std::array<std::pair<const char*, guide::View>, 5> kNames{
        {{"SUPRAPAT LONG", guide::View::suprapatellar_long},
         {"SUPRAPAT TRANS", guide::View::suprapatellar_transverse},
         {"POST", guide::View::posterior},
         {"MED", guide::View::medial},
         {"LAT", guide::View::lateral}}};
    for (const auto& [part, view] : kNames)
        if (words.find(part) != std::string::npos) return view;
    return guide::View::unknown;
}

std::vector<Screen> read_screens(const fs::path& data, const std::string& table) {
    std::ifstream in(data / table);
    std::string line;
    std::getline(in, line);
    std::vector<Screen> screens;
    while (std::getline(in, line)) {
        std::vector<std::string> cell;
        std::istringstream cells(line);
        for (std::string text; std::getline(cells, text, ',');)
            cell.push_back(text);
        if (cell.size() < 7) continue;
        const fs::path file = data / cell[0], folder = file.parent_path();
        Screen s;
        s.name = file.stem().string();
        s.view = view_of(cell[1]);
        s.depth_mm = 10 * std::stod(cell[2]);
        s.box = cv::Rect(cv::Point(std::stoi(cell[3]), std::stoi(cell[4])),
                         cv::Point(std::stoi(cell[5]), std::stoi(cell[6])));
        s.grey = cv::imread(file.string(), cv::IMREAD_GRAYSCALE);
        const cv::Mat1b mask =
            cv::imread((folder.parent_path() / "mask" / (s.name + "_mask.png")).string(),
                       cv::IMREAD_GRAYSCALE);
        if (!mask.empty()) s.mask = cv::Mat1b(cv::Mat(mask > 0));
        if (folder.string().ends_with("positive")) s.effusion = true;
        if (folder.string().ends_with("negative")) s.effusion = false;
        if (!s.grey.empty() && (!s.mask.empty() || s.effusion)) screens.push_back(std::move(s));
    }
    return screens;
}

/// Every grey level of the screen by `curve`; the depth of a spot in the picture is 0..1.
Change levels(std::string name, std::function<double(double grey, double depth)> curve) {
    return {std::move(name), [curve = std::move(curve)](Screen& s) {
                for (int y = 0; y < s.grey.rows; ++y) {
                    const double depth =
                        std::clamp((y - s.box.y) / static_cast<double>(s.box.height), 0.0, 1.0);
                    for (int x = 0; x < s.grey.cols; ++x)
                        s.grey(y, x) = cv::saturate_cast<uchar>(curve(s.grey(y, x), depth));
                }
            }};
}

Change gamma_of(double g) {
    return levels(cv::format("gamma %.2f", g),
                  [g](double v, double) { return 255 * std::pow(v / 255, g); });
}

Change gain(double grey) {
    return levels(cv::format("gain %+.0f grey levels", grey), [grey](double v, double) {
        return v < 3 ? v : std::max(0.0, v + grey);  // the screen's ground stays black
    });
}

Change dynamic_range(double factor) {
    return levels(cv::format("contrast x %.2f", factor), [factor](double v, double) {
        return v < 3 ? v : std::max(0.0, 60 + factor * (v - 60));
    });
}

Change depth_gain(double grey) {
    return levels(cv::format("time gain %+.0f at the bottom", grey), [grey](double v, double d) {
        return v < 3 ? v : std::max(0.0, v + grey * (d - 0.3));
    });
}

/// Multiplies the picture by 1 + noise of this spread, as fine as the scanner's own speckle.
Change speckled(double spread) {
    return {cv::format("speckle %.2f", spread), [spread](Screen& s) {
                cv::RNG random(1);
                cv::Mat1f noise(s.box.size());
                random.fill(noise, cv::RNG::NORMAL, 0, 1);
                cv::GaussianBlur(noise, noise, {0, 0}, 2.0, 1.0);
                cv::Scalar mean, deviation;
                cv::meanStdDev(noise, mean, deviation);
                cv::Mat1b picture = s.grey(s.box);
                for (int y = 0; y < picture.rows; ++y)
                    for (int x = 0; x < picture.cols; ++x)
                        picture(y, x) = cv::saturate_cast<uchar>(
                            picture(y, x) * std::max(0.0, 1 + spread * noise(y, x) / deviation[0]));
            }};
}

Change noisy(double sigma) {
    return {cv::format("noise %.0f grey levels", sigma), [sigma](Screen& s) {
                cv::RNG random(1);
                cv::Mat1b picture = s.grey(s.box);
                cv::Mat1f noise(picture.size());
                random.fill(noise, cv::RNG::NORMAL, 0, sigma);
                for (int y = 0; y < picture.rows; ++y)
                    for (int x = 0; x < picture.cols; ++x)
                        picture(y, x) = cv::saturate_cast<uchar>(picture(y, x) + noise(y, x));
            }};
}

Change blurred(double sigma) {
    return {cv::format("blurred by %.1f px", sigma), [sigma](Screen& s) {
                cv::Mat1b picture = s.grey(s.box);
                cv::GaussianBlur(picture.clone(), picture, {0, 0}, sigma);
            }};
}

/// The picture alone, on black: on a screen of this size, its corner at `at`.
void place(Screen& s, const cv::Rect& part, cv::Size screen, cv::Point at) {
    const cv::Rect to(at, part.size());
    const auto moved = [&](cv::Mat1b& m) {
        if (m.empty()) return;
        cv::Mat1b all = cv::Mat1b::zeros(screen);
        m(part).copyTo(all(to));
        m = all;
    };
    moved(s.grey);
    moved(s.mask);
    s.depth_mm *= part.height / static_cast<double>(s.box.height);
    s.box = to;
}

/// Shares of the picture that are cut off.
Change cropped(const char* what, double left, double right, double top, double bottom) {
    return {cv::format("cut off: %s", what), [=](Screen& s) {
                const int x = static_cast<int>(left * s.box.width),
                          y = static_cast<int>(top * s.box.height);
                const cv::Rect part(s.box.x + x, s.box.y + y,
                                    s.box.width - x - static_cast<int>(right * s.box.width),
                                    s.box.height - y - static_cast<int>(bottom * s.box.height));
                place(s, part, s.grey.size(), part.tl());
            }};
}

/// The whole screen on coarser or finer pixels.
Change resampled(double factor) {
    return {cv::format("pixels x %.2f", factor), [factor](Screen& s) {
                const int how = factor < 1 ? cv::INTER_AREA : cv::INTER_CUBIC;
                cv::resize(s.grey, s.grey, {}, factor, factor, how);
                if (!s.mask.empty()) {
                    cv::resize(s.mask, s.mask, s.grey.size(), 0, 0, cv::INTER_LINEAR);
                    s.mask = cv::Mat1b(cv::Mat(s.mask > 127));
                }
                const auto scaled = [factor](int v) { return cvRound(v * factor); };
                s.box = cv::Rect(cv::Point(scaled(s.box.x), scaled(s.box.y)),
                                 cv::Point(scaled(s.box.br().x), scaled(s.box.br().y)));
            }};
}

/// A larger or smaller person: the same picture, said to be this much deeper.
Change larger(double factor) {
    return {cv::format("knee x %.2f", factor), [factor](Screen& s) { s.depth_mm *= factor; }};
}

Change turned(double degrees) {
    return {cv::format("turned %+.0f deg", degrees), [degrees](Screen& s) {
                const auto turn = [&](cv::Mat1b m, int border) {
                    if (m.empty()) return;
                    m = m(s.box);
                    const cv::Mat by = cv::getRotationMatrix2D(
                        {0.5f * static_cast<float>(m.cols), 0.5f * static_cast<float>(m.rows)},
                        degrees, 1);
                    cv::Mat1b out;
                    cv::warpAffine(m, out, by, m.size(), cv::INTER_NEAREST, border);
                    out.copyTo(m);
                };
                turn(s.grey, cv::BORDER_REFLECT);
                turn(s.mask, cv::BORDER_CONSTANT);
            }};
}

std::vector<Change> all_changes() {
    std::vector<Change> changes{{"none", [](Screen&) {}},
                                {"mirrored", [](Screen& s) {
                                     for (cv::Mat1b m : {s.grey, s.mask}) {
                                         if (m.empty()) continue;
                                         cv::Mat1b picture = m(s.box);
                                         cv::flip(picture.clone(), picture, 1);
                                     }
                                 }}};
    for (const double g : {0.6, 0.8, 1.25, 1.6})
        changes.push_back(gamma_of(g));
    for (const double grey : {-20.0, -10.0, 10.0, 20.0, 40.0})
        changes.push_back(gain(grey));
    for (const double factor : {0.7, 1.4})
        changes.push_back(dynamic_range(factor));
    for (const double grey : {-30.0, 30.0})
        changes.push_back(depth_gain(grey));
    for (const double spread : {0.15, 0.3})
        changes.push_back(speckled(spread));
    for (const double sigma : {5.0, 10.0})
        changes.push_back(noisy(sigma));
    for (const double sigma : {1.0, 2.0})
        changes.push_back(blurred(sigma));
    changes.push_back(cropped("5 % all round", 0.05, 0.05, 0.05, 0.05));
    changes.push_back(cropped("10 % left", 0.1, 0, 0, 0));
    changes.push_back(cropped("10 % right", 0, 0.1, 0, 0));
    changes.push_back(cropped("10 % top", 0, 0, 0.1, 0));
    changes.push_back(cropped("10 % bottom", 0, 0, 0, 0.1));
    changes.push_back(cropped("10 % left and right", 0.1, 0.1, 0, 0));
    for (const double factor : {0.8, 1.25, 2.0})
        changes.push_back(resampled(factor));
    for (const double factor : {0.8, 0.9, 1.1, 1.25})
        changes.push_back(larger(factor));
    for (const double degrees : {-5.0, 5.0})
        changes.push_back(turned(degrees));
    changes.push_back({"on another screen", [](Screen& s) {
                           place(s, s.box, {1024, 768}, {300, 120});
                       }});
    changes.push_back({"picture alone", [](Screen& s) { place(s, s.box, s.box.size(), {}); }});
    changes.push_back({"JPEG of quality 40", [](Screen& s) {
                           std::vector<uchar> bytes;
                           cv::imencode(".jpg", s.grey, bytes, {cv::IMWRITE_JPEG_QUALITY, 40});
                           s.grey = cv::imdecode(bytes, cv::IMREAD_GRAYSCALE);
                       }});
    return changes;
}

struct Result {
    double dice = 0, confidence = 0;
    bool found = false, inside = false, right = false;
    std::string code;
};

guide::ImageView<const std::uint8_t> pixels(const cv::Mat1b& m) {
    return {m[0], m.cols, m.rows, static_cast<std::ptrdiff_t>(m.step1())};
}

Result measured(const Screen& s) {
    guide::Frame frame = guide::frame_from_grey(pixels(s.grey));
    (void)guide::segment::scale_by_depth(frame, s.depth_mm);
    const auto anatomy = guide::segment::find_anatomy(frame, {s.view});
    Result result;
    result.found = anatomy.joint_space.has_value();
    if (s.effusion) {
        result.right = *s.effusion == (result.found && anatomy.joint_space->effusion == true);
    }
    if (!result.found) result.code = anatomy.joint_space.error().code;
    if (!result.found || s.mask.empty()) return result;
    result.confidence = anatomy.joint_space->confidence;
    const auto mask = guide::segment::joint_space_mask(anatomy);
    result.dice = guide::evaluate::overlap(mask.view(), pixels(s.mask)).dice;
    const cv::Point target(cvFloor(anatomy.joint_space->target.x),
                           cvFloor(anatomy.joint_space->target.y));
    result.inside = cv::Rect({}, s.mask.size()).contains(target) && s.mask(target) != 0;
    return result;
}

void tell(const Change& change, const std::vector<Screen>& screens, bool each) {
    std::vector<double> dice;
    int none = 0, inside = 0, told = 0, right = 0;
    for (Screen s : screens) {
        // Changes draw on the pixels.
        s.grey = s.grey.clone();
        s.mask = s.mask.clone();
        change.apply(s);
        const Result r = measured(s);
        if (s.effusion) {
            ++told;
            right += r.right ? 1 : 0;
        } else {
            dice.push_back(r.dice);
            none += r.found ? 0 : 1;
            inside += r.inside ? 1 : 0;
        }
        if (each)
            std::printf("  %s, %s, %s, %.3f, %d, %.3f, %s\n", change.name.c_str(), s.name.c_str(),
                        std::string(name_of(s.view)).c_str(), r.dice, r.inside ? 1 : 0,
                        r.confidence, s.effusion ? (r.right ? "right" : "WRONG") : r.code.c_str());
    }
    double sum = 0;
    for (const double d : dice)
        sum += d;
    std::sort(dice.begin(), dice.end());
    const auto n = std::max<std::size_t>(1, dice.size());
    std::printf("%-30s %6.3f %6.3f %5d %5d/%zu %6d/%d\n", change.name.c_str(),
                sum / static_cast<double>(n), dice.empty() ? 0 : dice[n / 2], none, inside,
                dice.size(), right, told);
    std::fflush(stdout);
}

int run(guide::test::CommandLine words) {
    const bool each = words.flag("--each");
    const std::string only = words.text("--only");
    const auto& rest = words.rest();
    if (rest.empty() || rest.size() > 2) throw guide::test::UsageError{};
    const auto screens = read_screens(rest[0], rest.size() == 2 ? rest[1] : "us-knee-views.csv");
    if (screens.empty()) throw guide::test::UsageError{};
    std::printf("%-30s %6s %6s %5s %8s %8s\n", "change", "Dice", "median", "none", "inside",
                "effusion");
    for (const auto& change : all_changes())
        if (change.name.rfind(only, 0) == 0) tell(change, screens, each);
    return 0;
}

}  // namespace

int main(int count, char** words) {
    return guide::test::run_by_hand(kUsage, count, words, run);
}
